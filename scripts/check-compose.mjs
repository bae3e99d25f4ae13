export async function checkCompose() {
  return { state: 'skipped', detail: 'wip' };
}
