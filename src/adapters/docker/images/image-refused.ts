import { AppError } from '../../../domain/errors.ts';
import type { ImageName } from '../../../stacks/stack.ts';

/** `image_refused`, with the reason and what to do instead. `reason` is a clause; `setting` names the image. */
export function imageRefused(name: ImageName, image: string, reason: string, setting: string): AppError {
  return new AppError('image_refused', `The image for ${name}, ${image}, is refused: ${reason}.`, {
    hint: `docs/reference/images.md says what an image must keep; unset ${setting} to use our own.`,
  });
}
