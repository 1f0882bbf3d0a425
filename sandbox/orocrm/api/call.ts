import type { AnswerContext } from '../answer/context';
import type { ApiRequest } from '../http';
import type { Parameter } from '../query/parameters';
import type { SearchIndex } from '../search/search-index';
import type { Resource } from '../schema/types';
import type { LifecycleRules } from '../rules/lifecycle';

/** What does not change from request to request. */
export interface ApiServices {
	search: SearchIndex;
	lifecycle: LifecycleRules;
	nullsFirst: boolean;
	/** Waits between the check and the write, so that requests at the same moment can overtake each other (orocrm-api.md §3.1). */
	raceWindow: () => Promise<void>;
	/** Runs work of the message queue after the answer. */
	later: (work: () => void) => void;
}

/** One request on its way: who asks, in which format, for what. */
export interface Call extends ApiServices {
	context: AnswerContext;
	request: ApiRequest;
	/** Method after the override. */
	method: string;
	resource: Resource;
	parameters: Parameter[];
	/** Keys of `X-Include`. */
	xInclude: Set<string>;
	/** The body, when the method has one that was read; undefined when it is empty. */
	body: string | undefined;
}
