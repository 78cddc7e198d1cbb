// Grid
