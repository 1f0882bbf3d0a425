import type { Scenario } from '../scenario';
import { adoption } from './adoption';
import { changes } from './changes';
import { comments } from './comments';
import { creation } from './creation';
import { ends } from './ends';
import { links } from './links';
import { people } from './people';
import { problems } from './problems';
import { races } from './races';
import { server } from './server';
import { tables } from './tables';
import { texts } from './texts';

/** In the order of the table: what everything else rests on goes first. */
export const scenarios: readonly Scenario[] = [
	...server,
	...creation,
	...tables,
	...texts,
	...people,
	...links,
	...changes,
	...comments,
	...problems,
	...ends,
	...adoption,
	...races,
];
