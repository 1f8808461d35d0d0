import { runCommand } from './run-command.ts';

/** Tells systemd that this unit is at work (sd_notify(3)). Does nothing where systemd did not ask (`Type=notify`). */
export async function notifySystemd(signal: AbortSignal): Promise<void> {
  const { NOTIFY_SOCKET: socket } = process.env;
  if (socket === undefined) return;
  await runCommand('systemd-notify', ['--ready'], { signal, env: { NOTIFY_SOCKET: socket } });
}
