import type { ComponentChildren } from 'preact'
import { admin } from '../text-admin'
import type { Resource } from './resource'

interface HeadProps {
  intro: string
  /** the one thing that is most often wanted here */
  children?: ComponentChildren
}

/** What the page is for, and what is most often done here; its name stands in the bar above. */
export function Head({ intro, children }: HeadProps) {
  return (
    <header class="admin-head">
      <p>{intro}</p>
      {children}
    </header>
  )
}

/** A list that is read, could not be read, or was read and may be out of date. */
export function Loaded<Value>({
  from,
  children,
}: {
  from: Resource<Value>
  children: (value: Value) => ComponentChildren
}) {
  const value = from.value.value
  const problem = from.problem.value
  return (
    <>
      {problem !== null && (
        <div class="admin-problem" role="alert" data-testid="admin-problem">
          <p>
            <b>{problem}</b>
            {value !== null && <span>{admin.stale}</span>}
          </p>
          <button type="button" class="button" onClick={() => void from.reload()}>
            {admin.again}
          </button>
        </div>
      )}
      {value !== null && children(value)}
      {value === null && problem === null && <Reading />}
    </>
  )
}

export function Reading() {
  return (
    <div class="blank" data-testid="admin-loading" role="status">
      <div class="pulse" aria-hidden="true" />
      <span>{admin.loading}</span>
    </div>
  )
}

/** Nothing to show, and what that means. */
export function Nothing({
  title,
  hint,
  children,
}: {
  title: string
  hint?: string
  children?: ComponentChildren
}) {
  return (
    <div class="blank admin-nothing" data-testid="admin-empty">
      <b>{title}</b>
      {hint && <span>{hint}</span>}
      {children}
    </div>
  )
}
