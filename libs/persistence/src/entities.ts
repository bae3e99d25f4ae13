export const ENTITIES: never[] = [];
