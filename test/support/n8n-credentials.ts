import { ICredentialsHelper, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	INodeTypes,
} from 'n8n-workflow';
import { OroCrmOAuth2Api } from '../../credentials/OroCrmOAuth2Api.credentials';
import { ZendeskSyncOAuth2Api } from '../../credentials/ZendeskSyncOAuth2Api.credentials';
import { ZendeskSyncTokenApi } from '../../credentials/ZendeskSyncTokenApi.credentials';

type Data = ICredentialDataDecryptedObject;

/** n8n's own `oAuth2Api`, as far as its heirs use it. */
class OAuth2Api implements ICredentialType {
	name = 'oAuth2Api';
	displayName = 'OAuth2 API';
	properties: INodeProperties[] = [
		...(
			['grantType', 'authUrl', 'accessTokenUrl', 'clientId', 'clientSecret', 'scope', 'authQueryParameters'] as const
		).map((name): INodeProperties => ({ displayName: name, name, type: 'string', default: '' })),
		{ displayName: 'Authentication', name: 'authentication', type: 'string', default: 'header' },
		{ displayName: 'Token Data', name: 'oauthTokenData', type: 'json', default: {} },
	];
}

const TYPES: Record<string, ICredentialType> = Object.fromEntries(
	[new OAuth2Api(), new OroCrmOAuth2Api(), new ZendeskSyncOAuth2Api(), new ZendeskSyncTokenApi()].map((type) => [
		type.name,
		type,
	]),
);

/** A node that expressions of credentials are resolved for, as in n8n. */
const NOBODY: INode = { id: '', name: 'Nobody', type: 'nobody', typeVersion: 1, position: [0, 0], parameters: {} };
const NO_TYPES = {
	getByName: () => ({ description: { properties: [] } }),
	getByNameAndVersion: () => ({ description: { properties: [] } }),
	getKnownTypes: () => ({}),
} as unknown as INodeTypes;

/** The stored credentials of a test's n8n, by id: what a person entered, and the tokens that n8n keeps with it. */
export type CredentialStore = Map<string, Data>;

/** n8n's handling of credentials without its database and encryption. */
export class TestCredentials extends ICredentialsHelper {
	constructor(private readonly store: CredentialStore) {
		super();
	}

	getParentTypes(name: string): string[] {
		return (TYPES[name]?.extends ?? []).flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(name: string): INodeProperties[] {
		const all: INodeProperties[] = [];
		for (const parent of TYPES[name].extends ?? [])
			NodeHelpers.mergeNodeProperties(all, this.getCredentialsProperties(parent));
		NodeHelpers.mergeNodeProperties(all, TYPES[name].properties);
		return all;
	}

	/** Defaults are filled in, hidden fields can't be overruled, and expressions are resolved with `$self`, all as n8n does it. */
	async getDecrypted(
		_data: unknown,
		{ id }: INodeCredentialsDetails,
		name: string,
		_mode: unknown,
		_execute?: unknown,
		raw?: boolean,
	): Promise<Data> {
		const stored = this.stored(id);
		if (raw) return structuredClone(stored);
		const properties = this.getCredentialsProperties(name);
		const hidden = new Set(
			properties.filter((property) => property.type === 'hidden').map((property) => property.name),
		);
		const entered = Object.fromEntries(Object.entries(stored).filter(([field]) => !hidden.has(field)));
		const filled = NodeHelpers.getNodeParameters(properties, entered as never, true, false, null, null) as Data;
		if (stored.oauthTokenData !== undefined) filled.oauthTokenData = structuredClone(stored.oauthTokenData);
		else delete filled.oauthTokenData;
		const workflow = new Workflow({ nodes: [NOBODY], connections: {}, active: false, nodeTypes: NO_TYPES });
		return workflow.expression.getComplexParameterValue(
			NOBODY,
			filled as never,
			'internal',
			{},
			undefined,
			undefined,
			filled as never,
		) as Data;
	}

	async authenticate(
		credentials: Data,
		name: string,
		options: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = TYPES[name];
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		const request = options as unknown as Record<string, Record<string, unknown>>;
		for (const [part, values] of Object.entries(authenticate?.properties ?? {})) {
			for (const [key, value] of Object.entries(values as Record<string, string>)) {
				const resolved = workflow.expression.getSimpleParameterValue(
					node,
					value,
					'internal',
					{ $credentials: credentials },
					undefined,
					'',
				);
				request[part] = { ...request[part], [key]: String(resolved) };
			}
		}
		return options;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('The tests keep no encrypted credentials');
	}

	async updateCredentials(): Promise<void> {}

	/** Keeps a new token, as n8n does in its database. */
	async updateCredentialsOauthTokenData({ id }: INodeCredentialsDetails, _name: string, data: Data): Promise<void> {
		this.store.set(String(id), { ...this.stored(id), oauthTokenData: structuredClone(data.oauthTokenData) });
	}

	private stored(id: string | null): Data {
		const data = this.store.get(String(id));
		if (!data) throw new Error(`There is no credential ${id}`);
		return data;
	}
}
