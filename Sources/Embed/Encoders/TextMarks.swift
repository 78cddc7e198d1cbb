// Pieces of a vocabulary that stand for themselves in a text, such as [MASK] and <|endoftext|>.

/// A piece of a text: a mark's number, or what stands between marks.
enum MarkedPart {
  case mark(Int32)
  case text(ArraySlice<Unicode.Scalar>)
}

/// A text cut where marks stand in it; of two that begin at the same place the longer one counts.
func splitAtMarks(_ scalars: [Unicode.Scalar], _ marks: [(scalars: [Unicode.Scalar], number: Int32)]) -> [MarkedPart] {
  let firsts = Set(marks.compactMap(\.scalars.first))
  var parts: [MarkedPart] = []
  var (begin, at) = (0, 0)
  while at < scalars.count {
    let found =
      firsts.contains(scalars[at])
      ? marks.filter { scalars[at...].starts(with: $0.scalars) }.max { $0.scalars.count < $1.scalars.count } : nil
    guard let found else {
      at += 1
      continue
    }
    if begin < at { parts.append(.text(scalars[begin..<at])) }
    parts.append(.mark(found.number))
    at += found.scalars.count
    begin = at
  }
  if begin < scalars.count { parts.append(.text(scalars[begin...])) }
  return parts
}
