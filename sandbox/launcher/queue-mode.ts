import type { N8nSettings } from './n8n-program';

/** Where the queue and the database of n8n's queue mode are, on this machine. */
export interface QueueServers {
	redisPort: number;
	postgresPort: number;
}

/** What main process and workers share in queue mode: the queue, the database and the key (n8n 2.41.1's variables). */
export const queueSettings = ({ redisPort, postgresPort }: QueueServers): N8nSettings => ({
	EXECUTIONS_MODE: 'queue',
	N8N_ENCRYPTION_KEY: 'practice-key-of-main-and-workers',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgresPort),
	DB_POSTGRESDB_USER: 'n8n',
	DB_POSTGRESDB_DATABASE: 'postgres',
});
