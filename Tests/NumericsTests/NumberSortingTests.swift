import Numerics
import Testing

struct NumberSortingTests {
  @Test(arguments: [0, 1, 2, 511, 512, 513, 20_000])
  func numbersComeInOrder(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    var numbers = (0..<count).map { _ in
      let number = Double(bitPattern: random.next())
      return number.isNaN ? 0 : number
    }
    let expected = numbers.sorted()
    numbers.sortNumbers()
    #expect(numbers == expected)
  }

  @Test func wholeNumbersAndEndsComeInOrder() {
    let tiny = Double.leastNonzeroMagnitude
    var numbers: [Double] = [.infinity, -.infinity, -0.0, tiny, -tiny]
    for index in 0..<3000 { numbers.append(Double(index * 7919 % 3001 - 1500)) }
    let expected = numbers.sorted()
    numbers.sortNumbers()
    #expect(numbers == expected)
    #expect(numbers.first == -Double.infinity && numbers.last == Double.infinity)
  }
}
