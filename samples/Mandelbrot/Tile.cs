namespace Mandelbrot;

/// <summary>A rectangle of a picture: what one call renders.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its rows.</param>
public readonly record struct Tile(int X, int Y, int Width, int Height);
