/** A job followed to its end: by server-sent events, and by asking where there are none. */
import { json, Problem, request } from "./service.js";

const ENDED = ["done", "failed", "cancelled"];
const ASK_AGAIN_MILLISECONDS = 1000;

/** @param {string} id @param {(job: any) => void} tell is called with the job whenever it has changed
 * @returns {Promise<any>} the job, when it has ended
 * @throws {Problem} when there is no such job, or it may not be seen
 */
export async function follow(id, tell) {
  let job = null;
  const told = (one) => tell((job = one));
  // EventSource would send no key, hence the stream is read by hand.
  await streamed(id, told).catch(goOn);
  while (!ENDED.includes(job?.state)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MILLISECONDS));
    await json(`/v1/jobs/${id}`).then(told).catch(goOn);
  }
  return job;
}

async function streamed(id, tell) {
  const { body } = await request(`/v1/jobs/${id}/events`);
  let pending = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const events = (pending + piece.value).split("\n\n");
    pending = events.pop();
    events.map(dataOf).filter(Boolean).forEach((data) => tell(JSON.parse(data)));
  }
}

function dataOf(event) {
  const lines = event.split("\n").filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length)).join("\n");
}

/** A service that is away, busy or broken may be asked again; what it refuses, it refuses again. */
function goOn(error) {
  if (error instanceof Problem && error.status < 429) throw error;
}
