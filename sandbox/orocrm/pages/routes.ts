import type { FastifyInstance } from 'fastify';
import type { LifecycleRules } from '../rules/lifecycle';
import type { Store } from '../store/store';

export async function registerPages(
	_app: FastifyInstance,
	_parts: { store: Store; lifecycle: LifecycleRules },
): Promise<void> {}
