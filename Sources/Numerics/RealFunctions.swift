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
