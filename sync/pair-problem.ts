/** What keeps one pair from being synced, in words for people; the others go on. */
export class PairProblem extends Error {}
