/** Negative when `a` is older. Numbers compare as numbers; a pre-release (`11.1.0-rc.1`) is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [releaseA = '', preA] = a.split(/-(.*)/s);
  const [releaseB = '', preB] = b.split(/-(.*)/s);
  return (
    byParts(releaseA, releaseB) ||
    Number(preA === undefined) - Number(preB === undefined) ||
    byParts(preA ?? '', preB ?? '')
  );
}

function byParts(a: string, b: string): number {
  const [partsA, partsB] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(partsA.length, partsB.length); index += 1) {
    const [partA = '0', partB = '0'] = [partsA[index], partsB[index]];
    const difference = Number(partA) - Number(partB);
    if (Number.isNaN(difference) ? partA !== partB : difference !== 0) {
      return Number.isNaN(difference) ? (partA < partB ? -1 : 1) : difference;
    }
  }
  return 0;
}
