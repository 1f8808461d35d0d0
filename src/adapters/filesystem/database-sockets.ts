import { join } from 'node:path';

/** Where the panel of a store's database listens, below `DATA_DIR/run/databases`. */
export const databaseSocketOf = (folder: string, storeId: string): string => join(folder, storeId, 'door', 'http.sock');
