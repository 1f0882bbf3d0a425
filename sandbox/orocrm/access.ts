import { accessDenied, ApiError } from './errors';
import type { Id } from './schema/types';

export type Permission = 'VIEW' | 'CREATE' | 'EDIT' | 'DELETE';

/** The user behind a token. */
export interface Caller {
	userId: Id;
	organizationId: Id;
	businessUnitId: Id;
	role: 'administrator' | 'sales rep';
}

/** Takes a permission away, to see what a sync does with a 403. */
export interface Denial {
	type: string;
	/** Default: every permission. */
	permission?: Permission;
	/** Only for this role. Default: for everyone. */
	role?: Caller['role'];
	/** Only for these records; then the type stays readable and the record is refused. */
	ids?: Id[];
}

/** Stock Sales Rep: everything a sync needs, but no organizations (orocrm-api.md §3.9). */
const SALES_REP: Denial[] = [{ type: 'organizations', role: 'sales rep' }];

export class AccessRules {
	private denials: Denial[] = [...SALES_REP];

	deny(denial: Denial): void {
		this.denials.push(denial);
	}

	/** Back to the stock roles. */
	reset(): void {
		this.denials = [...SALES_REP];
	}

	for(caller: Caller): Access {
		return new Access(caller, () => this.denials);
	}
}

/** What one caller may do. */
export class Access {
	constructor(
		readonly caller: Caller,
		private readonly denials: () => Denial[],
	) {}

	mayType(type: string, permission: Permission): boolean {
		return !this.matching(type, permission).some((denial) => !denial.ids);
	}

	mayRecord(type: string, id: Id, permission: Permission): boolean {
		return !this.matching(type, permission).some((denial) => !denial.ids || denial.ids.includes(id));
	}

	/** 403 when the whole type is closed (orocrm-api.md §1.5). */
	requireType(type: string, permission: Permission): void {
		if (!this.mayType(type, permission)) throw new ApiError([accessDenied('No access to this type of entities.')]);
	}

	/** 403 when this record is closed (orocrm-api.md §1.5). */
	requireRecord(type: string, id: Id, permission: Permission): void {
		if (this.mayRecord(type, id, permission)) return;
		const how =
			permission === 'VIEW' ? 'No access to the entity.' : `No access by "${permission}" permission to the entity.`;
		throw new ApiError([accessDenied(how)]);
	}

	private matching(type: string, permission: Permission): Denial[] {
		return this.denials().filter(
			(denial) =>
				denial.type === type &&
				(!denial.permission || denial.permission === permission) &&
				(!denial.role || denial.role === this.caller.role),
		);
	}
}
