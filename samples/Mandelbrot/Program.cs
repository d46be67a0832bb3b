using System.Diagnostics;
using System.Globalization;
using Mandelbrot;
using Procgen;
using Samples.Imaging;

// Mandelbrot [file.png [width]]: tiles are rendered by a pool into one shared array, which this process writes as a picture.
const int Edge = 64;
string file = args is [var path, ..] ? path : "mandelbrot.png";
int width = args is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 1_200;
if (width < 3) throw new ArgumentException("A picture has at least three columns.");

var picture = Picture.SeaHorses(width);
using var pixels = new SharedArray<byte>(PixelImage.Depth * picture.Width * picture.Height);
Tile[] tiles = [.. picture.Tiles(Edge)];
await using var pool = new ProcessPool();
await pool.StartAsync();

long start = Stopwatch.GetTimestamp();
await Dashboard.RunAsync(pool.Workers, (long)picture.Width * picture.Height, async dashboard =>
{
    var options = new PoolMapOptions { Ordered = false, Progress = dashboard };
    await foreach (RenderedTile tile in pool.MapStreamAsync(tiles, tile => RenderingTargets.Render(picture, tile, pixels), options)) dashboard.Add(tile);
});

double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
PngWriter.Write(file, picture.Width, picture.Height, pixels.Span);
Console.WriteLine(FormattableString.Invariant($"{picture.Width} x {picture.Height} pixels in {tiles.Length} tiles took {seconds:0.0} s; see {file}"));
