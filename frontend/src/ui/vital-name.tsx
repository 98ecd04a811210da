const INDEXED = /^(.*?[A-Za-z])(2)$/ // SpO2, EtCO2, O2: the 2 is an index

/** A vital sign's short name as it is written by hand. */
export function VitalName({ name }: { name: string }) {
  const parts = INDEXED.exec(name)
  if (!parts) return <span class="vital-name">{name}</span>
  return (
    <span class="vital-name">
      {parts[1]}
      <sub>{parts[2]}</sub>
    </span>
  )
}
