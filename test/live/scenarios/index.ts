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
import { twoWayComments } from './two-way/comments';
import { conflicts } from './two-way/conflicts';
import { twoWayEnds } from './two-way/ends';
import { fields } from './two-way/fields';
import { files } from './two-way/files';
import { publishing } from './two-way/publish';
import { reads } from './two-way/reads';
import { trigger } from './two-way/trigger';

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
	...reads,
	...trigger,
	...publishing,
	...fields,
	...conflicts,
	...twoWayComments,
	...files,
	...twoWayEnds,
];
