/**
 * How far the move of a shop to another of its hosts is, as it is remembered through crashes. `forward`: it may still
 * fail, and its database can be put back · `back`: it has failed, and the database is to be put back · `restored`: its
 * database is its own again, and whatever is ordered from then on is kept · `moved`: it answers at the new host, and
 * nothing is put back any more · `over`: nothing is under way.
 */
export type AddressChangeStage = 'forward' | 'back' | 'restored' | 'moved' | 'over';
