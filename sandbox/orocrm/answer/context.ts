import type { Access } from '../access';
import type { Store } from '../store/store';
import type { Features } from '../version';
import type { MediaMode } from './negotiation';

/** What an answer depends on besides the records. */
export interface AnswerContext {
	store: Store;
	features: Features;
	access: Access;
	mode: MediaMode;
	/** Address of the API, without a slash at the end. */
	apiUrl: string;
	hateoas: boolean;
}
