import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';
import type { OroCrmClient } from '../../orocrm/client';
import { readCurrentOroUser, readOroUsers } from '../../orocrm/people';
import { chooseUser } from '../../sync/people';

/** How to find the owner of the node's settings: chosen, by e-mail, by id, or the user of the credential. Asks OroCRM only when called. */
export function ownerOf(context: IExecuteFunctions, client: OroCrmClient): () => Promise<string> {
	const locator = context.getNodeParameter('owner', 0) as INodeParameterResourceLocator | string;
	const { mode, value } = typeof locator === 'string' ? { mode: locator.includes('@') ? 'email' : 'id', value: locator } : locator;
	const wanted = String(value ?? '').trim();
	return async () => {
		if (wanted && mode !== 'email') return wanted;
		if (wanted) {
			const user = chooseUser(await readOroUsers(client), wanted);
			if (user) return user.id;
			throw new NodeOperationError(context.getNode(), `OroCRM has no user with the e-mail ${wanted}`, { description: 'Choose another owner in the node’s settings.' });
		}
		const current = await readCurrentOroUser(client);
		if (current) return current;
		throw new NodeOperationError(context.getNode(), 'No owner is set', { description: 'OroCRM does not say who the credential’s user is. Choose an owner in the node’s settings.' });
	};
}
