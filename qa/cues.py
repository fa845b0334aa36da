"""Words that turn what stands beside them: denials, doubts, reports of speech, contrasts.

English, German, French, Vietnamese. Phrases are parted by commas, in lower case. A word that means
something else in another of the four languages is left out ("falls", "song"), and so is one that
more often leaves the claim as it is ("without", "would", "about").

Origins: negation from the cue lists of ConanDoyle-neg (Morante and Daelemans, LREC 2012) and
BioScope (Vincze et al., BMC Bioinformatics 9, 2008), without affixes ("un-"); hedges from Hyland,
"Metadiscourse" (2005), appendix, those on how sure a thing is; verbs of speaking from Quirk et al.,
"A Comprehensive Grammar of the English Language" (1985), 14.29 and 16.31, those common in news;
contrasts from Halliday and Hasan, "Cohesion in English" (1976), 5.6. The other languages' are what
translates these, by hand.
"""

from __future__ import annotations


def phrases(*lists: str) -> frozenset[str]:
    """The phrases of some lists, one list a language."""
    return frozenset(phrase.strip() for row in lists for phrase in row.split(","))


NEGATIONS = phrases(
    "not, no, never, none, nobody, no one, nothing, nowhere, neither, nor, cannot, hardly, denied, denies, deny, denying, false, untrue, ruled out, failed to, fails to",
    "nicht, kein, keine, keinen, keinem, keiner, keines, nie, niemals, niemand, nichts, weder, keineswegs, bestritt, bestreitet, dementierte, dementiert",
    "n', ne, pas, jamais, aucun, aucune, ni, nullement, démenti, dément, nié, nie",
    "không, chưa, chẳng, không phải, phủ nhận, bác bỏ",
)
"""French "n'" as the elided word; "n't" is found at the end of an English word."""

NO_NEGATIONS = phrases(
    "not only, not just, not merely, not least, no doubt, no less than, no longer than, no sooner, no matter, no later than, cannot but",
    "nicht nur, nicht zuletzt, nicht bloß",
    "non seulement, pas seulement",
    "không chỉ, không những, hàng không, không khí, không gian, không quân, không ngừng, không trung",
)
"""Hold a negation and deny nothing. "Hàng không" is aviation."""

NO_HEDGES = phrases(
    "if any, even if, as if, most likely to",
    "si bien que, si grand, si grande",
    "may mắn, may mặc, dệt may, may đo",
)
"""Hold a hedge and leave nothing open. "May mặc" are garments."""

HEDGES = phrases(
    "may, might, could, perhaps, maybe, possibly, probably, presumably, supposedly, reportedly, allegedly, apparently, seemingly, ostensibly, purportedly, likely, unlikely, it seems, seems, seem, seemed, appears to, appear to, appeared to, it is possible, it is unclear, uncertain, unclear, unconfirmed, doubtful, rumoured, rumored, rumours, rumors, alleged, is said to, are said to, was said to, suspected, if, unless, whether, provided that, assuming",
    "vielleicht, möglicherweise, vermutlich, wahrscheinlich, angeblich, mutmaßlich, anscheinend, offenbar, scheinbar, könnte, könnten, dürfte, dürften, womöglich, gerüchten, gerüchte, sofern, wenn, ob, vorausgesetzt",
    "peut-être, probablement, vraisemblablement, prétendument, apparemment, semble, semblent, semblait, pourrait, pourraient, il se peut, sans doute, selon des rumeurs, rumeurs, rumeur, si, s'il, s'ils, à condition que, à moins que",
    "có thể, có lẽ, dường như, hình như, có vẻ, được cho là, nghe nói, tin đồn, nếu, giả sử, trừ khi",
)
"""Conditions among them: they too leave open whether a thing is so."""

SAID = phrases(
    "said, says, say, saying, told, tells, claimed, claims that, claiming, alleged, stated",
    "sagte, sagt, sagten, behauptet, behauptete, erklärte, meinte",
    "a dit, dit-il, dit-elle, disait, a déclaré, ont déclaré, affirme que, a affirmé, prétend, a prétendu",
    "nói, cho biết, cho rằng, nói rằng, khẳng định, tuyên bố",
)
"""Verbs that report speech wherever they stand."""

REPORTING = SAID | phrases(
    "wrote, writes, writing, noted, notes, noting, argued, argues, arguing, asserted, asserts, asserting, insisted, insists, insisting, stressed, stresses, stressing, emphasised, emphasises, emphasising, emphasized, emphasizes, emphasizing, declared, declares, declaring, announced, announces, announcing, added, adds, adding, explained, explains, explaining, replied, replies, answered, asked, asks, remarked, observed, commented, warned, warns, warning, admitted, admits, acknowledged, reiterated, reaffirmed, affirmed, affirms, affirming, highlighted, underscored, underlined, pointed out, concluded, believes, believed, recalled, reported, reports, suggested, suggests, proposed, vowed, promised, testified, put it, puts it, called, described, assessed, assesses",
    "schrieb, schreibt, schrieben, betonte, betont, berichtete, berichtet, versicherte, fügte hinzu, bemerkte, kündigte an, warnte, unterstrich, bekräftigte, äußerte, hob hervor, wies darauf hin, stellte fest, gab zu, räumte ein, nannte",
    "a écrit, écrit, a souligné, souligne, a ajouté, ajoute, a expliqué, explique, a estimé, estime, a assuré, assure, a rappelé, rappelle, a indiqué, indique, a annoncé, a noté, a précisé, précise, a averti, a répondu, déclare, déclarait, dit, affirme, a réaffirmé, soulignait",
    "nhấn mạnh, phát biểu, viết, nhận định, đánh giá, bày tỏ, chia sẻ, thông báo, cho hay, trả lời, kêu gọi, đề nghị, lưu ý, tin tưởng",
)
"""Verbs that report speech beside the words spoken, or before "that"."""

SPOKEN_TO = phrases(
    "told, tells, asked, asks, warned, warns, reminded, assured, answered, called, described, nannte"
)
"""Their object is who is spoken to or of, so that a name after them is not the speaker's."""

FORMS_OF_BE = phrases("is, are, was, were, be, been, being, wird, wurde, wurden, werden")
"""Before a participle they make it a passive, which tells of nobody speaking."""

QUOTING = phrases(
    "quoted, quotes, quoting, cited, cites, citing",
    "zitiert, zitierte",
    "citant, a cité",
    "dẫn lời, trích lời",
)
"""Who is named after them is the speaker."""

ACCORDING_TO = phrases(
    "according to, in the words of, in the view of, in the opinion of",
    "laut, nach angaben von, nach den worten von, nach ansicht von, so",
    "selon, d'après, aux yeux de, selon les mots de",
    "theo, theo lời, theo ông, theo bà",
)
"""Before a name they report; alone some mean other things, such as German "so", Vietnamese "theo"."""

ACCORDING_TO_ANYONE = phrases(
    "according to, in the words of", "nach angaben, zufolge, laut eigenen angaben", "selon, d'après"
)
"""They report whoever is named, also nobody by name."""

THAT = phrases("that, dass, daß, que, qu', rằng, là")

CONTRASTS = phrases(
    "but, however, yet, nevertheless, nonetheless, on the contrary, in reality, on the other hand, conversely, by contrast, in contrast, that said, even so, despite this, in spite of this",
    "aber, doch, jedoch, dennoch, trotzdem, allerdings, im gegenteil, hingegen, dagegen, gleichwohl, in wirklichkeit",
    "mais, cependant, pourtant, toutefois, néanmoins, au contraire, en revanche, en réalité",
    "nhưng, tuy nhiên, thế nhưng, ngược lại, trái lại, tuy vậy, trên thực tế",
)
"""At the beginning of a sentence."""

CONCESSIONS = phrases(
    "although, though, even though, while, whereas, despite, in spite of, except, notwithstanding",
    "obwohl, obgleich, während, trotz, wenngleich",
    "bien que, quoique, malgré, tandis que, sauf",
    "mặc dù, dù, tuy, trừ",
)
"""At the beginning of what a sentence says besides."""

DENIALS = phrases(
    "this is not, that is not, it is not, this was not, that was not, it was not, these are not, this isn't, that isn't, it isn't, this wasn't, that wasn't, it wasn't, this is false, that is false, this is untrue, that is untrue, this is wrong, that is wrong, this was false, that was false, this was untrue, this proved false, that proved false, this is a myth, this turned out to be false, none of this, nothing of the kind, not so, not true, this never happened, no, never",
    "das ist nicht, das ist falsch, das war nicht, das stimmt nicht, dies ist nicht, dies ist falsch, es ist nicht, keineswegs, nein",
    "ce n'est pas, ce n'était pas, cela n'est pas, c'est faux, cela est faux, il n'en est rien, non, c'était faux",
    "điều này không, điều đó không, không phải, đây không phải, đó không phải, không đúng, điều này là sai, điều này sai",
)
"""At the beginning of a sentence that denies the one before. Of those of one word see below."""

DENIALS_BEFORE_A_COMMA = phrases("no, nein, non, never, keineswegs")
"""They deny only as a sentence of their own or before a comma: "No, it did not", not "No one"."""

DENYING = phrases(
    "denied, denies, rejected, rejects, refuted, refutes, disputed, disputes, contradicted, debunked, retracted",
    "bestritt, bestritten, dementierte, dementiert, widersprach, widerlegte, wies zurück",
    "a démenti, ont démenti, dément, a nié, ont nié, a contesté, a réfuté",
    "phủ nhận, bác bỏ, đính chính",
)
"""Verbs near the beginning of a sentence that deny what was said before it."""

DOUBTING = phrases(
    "could not be verified, could not be confirmed, could not be independently verified, has not been confirmed, have not been confirmed, unconfirmed, unverified, this is disputed, that is disputed, it is unclear, it remains unclear, this is doubtful, this is uncertain, this may, this might, that may not, it is doubtful, if true, this is contested, is controversial",
    "unbestätigt, nicht bestätigt, das ist umstritten, ist unklar, bleibt unklar, dies könnte, umstritten ist",
    "n'a pas été confirmé, n'ont pas été confirmées, reste à confirmer, c'est contesté, n'est pas certain, reste incertain",
    "chưa được xác nhận, chưa rõ, chưa được kiểm chứng, còn gây tranh cãi",
)
"""Near the beginning of a sentence they doubt the one before."""

ARTICLES = phrases(
    "the, a, an",
    "der, die, das, dem, den, des, ein, eine, einem, einen, einer",
    "le, la, l', les, un, une, d'",
)

PRONOUNS = phrases(
    "he, she, it, they, we, i, you, who, which, that, this, those, these, one",
    "er, sie, es, wir, ich, man, der, die, das",
    "il, elle, ils, elles, on, nous, je, qui, ce, celui-ci",
    "ông ấy, bà ấy, họ, anh ấy, chị ấy, tôi, chúng tôi",
)

BESIDE_A_VERB = phrases(
    "has, had, have, also, once, later, then, again, further, still, recently, often, will, would, did, does, himself, herself, is, are",
    "hat, haben, hatte, auch, dann, später",
    "a, ont, avait, aussi, ensuite",
    "đã, cũng, từng, đang, sẽ, còn, vừa",
)
"""Words between a subject and its verb, with adverbs in "-ly"."""

BEFORE_ANOTHER = phrases(
    "of, from, in, at, for, to", "von, aus, für", "du, à, en, pour, de", "của, tại, ở, cho"
)
"""What is named behind one is not the subject: "Kim of North Korea", "a spokesman for Kim"."""

NAME_PARTICLES = phrases(
    "von, van, der, den, de, del, della, la, le, du, di, da, dos, al, el, bin, ibn, zu, ter"
)
"""Within a name they are small: "Ursula von der Leyen"."""

TITLES = phrases(
    "president, vice, prime, minister, chancellor, king, queen, prince, princess, senator, governor, mayor, general, secretary, chairman, chairwoman, chair, ambassador, leader, chief, party, comrade, premier, director, dr, prof, professor, mr, mrs, ms, mx, sir, lord, lady, dame, sister, brother, father, pope, bishop, judge, justice, captain, colonel, major, lieutenant, sergeant, marshal, admiral, doctor, historian, economist, spokesman, spokeswoman, spokesperson, author, writer, supreme, great, late, former, deputy, foreign, state, head, ceo, founder, editor, analyst, researcher, scientist, representative, top, respected, eminent",
    "präsident, präsidentin, bundeskanzler, bundeskanzlerin, kanzler, kanzlerin, ministerin, botschafter, botschafterin, generalsekretär, außenminister, außenministerin, herr, frau, vorsitzender, vorsitzende, parteichef, staatschef, bürgermeister, sprecher, sprecherin, ministerpräsident, bundespräsident, direktor, könig, königin, papst, autor, autorin",
    "président, présidente, ministre, premier ministre, ambassadeur, ambassadrice, secrétaire, général, générale, monsieur, madame, m, mme, mlle, roi, reine, chef, directeur, directrice, porte-parole, auteur, historien, historienne",
    "ông, bà, anh, chị, đồng chí, chủ tịch, tổng bí thư, thủ tướng, đại sứ, bộ trưởng, tổng thống, giáo sư, tiến sĩ, tổng, bí thư, bí, nhà báo, phó",
)
"""Stand before names and are no part of them."""

ORGANISATIONS = phrases(
    "news, agency, times, post, tribune, gazette, journal, herald, daily, press, magazine, newspaper, association, ministry, institute, party, committee, radio, television, tv, report, bulletin, review",
    "zeitung, anzeiger, rundschau, presse, nachrichten, spiegel, ministerium, verein, verband",
    "agence, quotidien, revue, ministère, gazette, association",
    "báo, thông tấn, tạp chí, đài, bộ",
)
"""A name that ends with one, or begins with one in Vietnamese and French, is nobody's own."""

NO_NAMES = phrases(
    "the, in, on, at, as, and, but, for, from, by, of, with, when, while, after, before, since, although, though, because, if, so, also, yet, however, there, here, what, where, how, why, not, no, his, her, its, their, our, my, all, both, many, some, most, according, then, today, yesterday, asked, speaking, talking",
    "january, february, march, april, may, june, july, august, september, october, november, december, monday, tuesday, wednesday, thursday, friday, saturday, sunday",
    "im, am, auf, bei, mit, nach, vor, und, aber, als, wie, wenn, auch, laut, zu, aus, für, gestern, heute, nicht, sein, ihr, seine, ihre, januar, februar, märz, mai, juni, juli, oktober, dezember, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag",
    "dans, pour, avec, sur, mais, et, comme, selon, d', après, avant, quand, lorsque, son, sa, ses, leur, leurs, les, des, aussi, hier",
    "theo, trong, tại, khi, nhưng, và, với, sau, trước, đây, năm, ngày, tháng",
)
"""Begin sentences, or are written with a capital, and are nobody's name."""
