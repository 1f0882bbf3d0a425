import type { Stage } from './stage';

/** One thing that the sync must do, seen from outside. */
export interface Scenario {
	name: string;
	/** In a few words, for the table. */
	expected: string;
	/** Runs once without and once with OroCRM's Zendesk integration. Default: once, with it when there is one. */
	channels?: 'both' | 'with';
	/** Needs what only the practice Zendesk lets a test do. */
	practiceOnly?: boolean;
	/** Gives back what was seen, in words; differences are noted in `stage.check`, or thrown. */
	run(stage: Stage): Promise<string>;
}

/** The scenario can't be run on this server, and why: neither passed nor failed. */
export class NotRun extends Error {}
