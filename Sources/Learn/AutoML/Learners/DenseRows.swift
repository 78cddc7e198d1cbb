// Kernels over dense columns and rows. Sums go through eight lanes, so that they are quick, and always in the same order.

/// Σ left · right.
func dotProduct(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ count: Int) -> Double {
  var lanes = SIMD8<Double>(repeating: 0)
  let whole = count & ~7
  let (a, b) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
  var index = 0
  while index < whole {
    let x = a.loadUnaligned(fromByteOffset: index * 8, as: SIMD8<Double>.self)
    let y = b.loadUnaligned(fromByteOffset: index * 8, as: SIMD8<Double>.self)
    lanes += x * y
    index += 8
  }
  var sum = 0.0
  for lane in 0..<8 { sum += lanes[lane] }
  while index < count {
    sum += left[index] * right[index]
    index += 1
  }
  return sum
}

/// target += factor · values.
func addScaled(
  _ values: UnsafePointer<Double>, _ factor: Double, to target: UnsafeMutablePointer<Double>, _ count: Int
) {
  for index in 0..<count { target[index] += factor * values[index] }
}

/// Σ (left − right)², for rows whose length is a multiple of 8.
func squaredDistance(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) -> Float {
  var lanes = SIMD8<Float>(repeating: 0)
  let (a, b) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
  var index = 0
  while index < count {
    let difference =
      a.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      - b.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
    lanes += difference * difference
    index += 8
  }
  var sum: Float = 0
  for lane in 0..<8 { sum += lanes[lane] }
  return sum
}
