using Procgen;

namespace Mandelbrot;

/// <summary>What became of a tile.</summary>
/// <param name="Worker">The name of the worker that rendered it.</param>
/// <param name="Pixels">How many there were.</param>
internal readonly record struct RenderedTile(string Worker, int Pixels);

/// <summary>What the workers do: nothing but the name and a number comes back, the pixels are in shared memory.</summary>
internal static class Rendering
{
    [ProcessTarget]
    public static RenderedTile Render(Picture picture, Tile tile, SharedArray<byte> pixels, WorkerContext worker)
    {
        picture.Render(tile, pixels.Span);
        return new RenderedTile(worker.WorkerName, tile.Width * tile.Height);
    }
}
