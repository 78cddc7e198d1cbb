// The functions of the C library that this module needs, under one import.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The natural logarithm.
@inline(__always)
func logarithm(_ value: Double) -> Double { log(value) }

/// e to a power.
@inline(__always)
func exponential(_ value: Double) -> Double { exp(value) }

/// ln(1 + value), to full precision near zero.
@inline(__always)
func logarithm(onePlus value: Double) -> Double { log1p(value) }
