/** Why a passage stands where it stands, in plain words. */
import { html } from "./lit.js";

const KINDS = {
  meaning: "Means what was asked",
  words: "Uses the question’s words",
  sentence_words: "Has them in one sentence",
  word_pairs: "Has them side by side, as asked",
  coverage: "One sentence has most of them",
  exact_words: "Writes them as you did",
  reranker: "Read again by the second model",
};

/** @param {{score: number, explanation: {kind: string, rank: number, points: number}[] | null}} passage */
export function explained({ score, explanation }) {
  if (!explanation?.length) return "";
  const most = Math.max(...explanation.map((part) => part.points));
  return html`<details class="why"><summary>Why this passage</summary>
    <p class="faint">Compared with the other passages of this answer; it does not say that the passage is right.</p>
    <dl>${explanation.map((part) => row(part, most))}
      <div class="sum"><dt>Together</dt><dd></dd><dd>${score.toFixed(2)}</dd><dd></dd></div></dl></details>`;
}

function row({ kind, rank, points }, most) {
  const name = KINDS[kind] ?? kind;
  return html`<div><dt>${name}</dt>
    <dd><meter min="0" max=${most || 1} .value=${points} aria-label=${name}></meter></dd>
    <dd>${points.toFixed(2)}</dd>
    <dd class="faint">${rank === 1 ? "best" : ordinal(rank)}</dd></div>`;
}

function ordinal(rank) {
  const last = rank % 100 > 10 && rank % 100 < 14 ? 0 : rank % 10;
  return `${rank}${{ 1: "st", 2: "nd", 3: "rd" }[last] ?? "th"}`;
}
