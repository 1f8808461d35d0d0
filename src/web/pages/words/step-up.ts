/** Where the proof of who somebody is is asked for; it leads back to `page`. */
export const stepUpUrl = (page: string): string => `/step-up?next=${encodeURIComponent(page)}`;
