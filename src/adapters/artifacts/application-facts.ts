/** What an application's archive says about itself beyond name and version. Empty where there is nothing to say. */
export interface ApplicationFacts {
  /** `Magento Open Source`, `Adobe Commerce`, `Mage-OS`. */
  readonly edition?: string;
  /** The PHP it asks for, as composer writes it: `~8.2.0||~8.3.0`. */
  readonly php?: string;
  /** Database servers it accepts: name → pattern that the server's version must match. */
  readonly databases?: Readonly<Record<string, string>>;
  /** Search engines it speaks to, by its own names for them: `opensearch`, `elasticsearch7`. */
  readonly searchEngines?: readonly string[];
}
