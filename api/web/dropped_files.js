/** The files of what was dropped, those inside folders too. */

/** More are a library's worth: sent one by one they take longer than all else one waits for. */
const MOST = 500;

/** @type {WeakSet<File>} */
const insideFolders = new WeakSet();

/** Whether a file was not chosen by itself: of a folder some may be of no use. @param {File | null} file */
export function isInsideFolder(file) {
  return insideFolders.has(file);
}

/** What is dropped can be asked for during its event only; what is inside takes its time.
 * @param {DataTransfer} dropped
 * @returns {Promise<File[]>} hidden ones are left out, as `qa add` leaves them out
 * @throws {Error} for too many, and for what cannot be read
 */
export async function filesOf(dropped) {
  const items = [...dropped.items].filter((one) => one.kind === "file");
  const given = items.map((one) => ({ entry: one.webkitGetAsEntry?.(), file: one.getAsFile() }));
  const files = [];
  for (const { entry, file } of given) {
    if (entry?.isDirectory) files.push(...(await gathered(entry)));
    else files.push(file);
  }
  return files;
}

async function gathered(folder) {
  const files = [];
  await gather(folder, files);
  files.forEach((one) => insideFolders.add(one));
  return files;
}

async function gather(folder, files) {
  for (const one of await entriesOf(folder)) {
    if (one.name.startsWith(".")) continue;
    if (one.isDirectory) await gather(one, files);
    else files.push(await new Promise((resolve, reject) => one.file(resolve, reject)));
    if (files.length > MOST) throw new Error(`there are more than ${MOST} files in it. Run qa add FOLDER where the service runs.`);
  }
}

/** All of them, in order: a reader gives so many at a time, and none when there are no more. */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const read = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const all = [];
  for (let some = await read(); some.length; some = await read()) all.push(...some);
  return all.sort((one, other) => one.name.localeCompare(other.name));
}
