import { Button } from '@mantine/core';
import type { FormEvent } from 'react';
import { Form, useNavigation, useSubmit } from 'react-router';
import { LOG_LEVELS, type LogSourceName } from '../../../domain/log-lines.ts';
import { AGES, type Age, TAILS } from '../../log-wish.ts';
import type { LogWish } from '../../services/logs.ts';
import { AGE_WORDS, LEVEL_WORDS } from '../words/logs.ts';
import { LOG_SEARCH_ID } from './use-log-keys.ts';
import './log-filters.css';

/** What of the logs is to be seen. A form that asks for a page: choices take effect at once, or by its button. */
export function LogFilters(props: {
  readonly wish: LogWish;
  readonly age: Age;
  readonly sources: readonly LogSourceName[];
}) {
  const { wish, age, sources } = props;
  const submit = useSubmit();
  const busy = useNavigation().state !== 'idle';
  const onChange = ({ target, currentTarget }: FormEvent<HTMLFormElement>) => {
    // A text is ready when its writer says so.
    if (!(target instanceof HTMLInputElement && target.type === 'search')) void submit(currentTarget);
  };
  return (
    <Form method="get" className="log-filters" aria-label="Which lines" onChange={onChange}>
      <label>
        <span>Source</span>
        <select name="source" defaultValue={wish.source ?? ''}>
          <option value="">All sources</option>
          {sources.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Since</span>
        <select name="since" defaultValue={age}>
          {(Object.keys(AGES) as Age[]).map((name) => (
            <option key={name} value={name}>
              {AGE_WORDS[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Lines</span>
        <select name="tail" defaultValue={wish.tail}>
          {TAILS.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </select>
      </label>
      <label className="log-search">
        <span>Search</span>
        <input
          id={LOG_SEARCH_ID}
          type="search"
          name="q"
          defaultValue={wish.search}
          maxLength={200}
          enterKeyHint="search"
        />
      </label>
      <fieldset>
        <legend>Only</legend>
        {LOG_LEVELS.map((level) => (
          <label key={level} className="log-chip" data-level={level}>
            <input type="checkbox" name="level" value={level} defaultChecked={wish.levels.includes(level)} />
            <span>{LEVEL_WORDS[level]}</span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" variant="default" loading={busy}>
        Show
      </Button>
    </Form>
  );
}
