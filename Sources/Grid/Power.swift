import Foundation

/// `pow`, under a name that does not hide what it does.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
