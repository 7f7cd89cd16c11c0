using System.Globalization;

namespace Sextant.Cli.Commands.Doctor;

/// <summary>Checks that are the same for a collection and for a service: disk, memory, recall.</summary>
internal static class Machine
{
    private const double BytesPerGiB = 1 << 30;
    private const double FewestFree = 0.05;
    private const double MostMemory = 0.9;
    private const double UsualRecall = 0.9;

    public static Finding Disk(long free, long total, long needed)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"{free / BytesPerGiB:F1} of {total / BytesPerGiB:F1} GiB free");
        return free < needed
                ? Finding.Problem("disk", $"{message}, less than the collection needs to be compacted", "free space or move the collection")
            : free < total * FewestFree ? Finding.Warning("disk", message, "free space: writes fail when the disk is full")
            : Finding.Ok("disk", message);
    }

    public static Finding Memory(long used, long limit, string what)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"{what} {used / BytesPerGiB:F1} of {limit / BytesPerGiB:F1} GiB");
        return used > limit * MostMemory
            ? Finding.Warning("memory", message, "add memory, or store vectors in fewer bits (docs/scaling.md)")
            : Finding.Ok("memory", message);
    }

    public static Finding Recall(double recall, string collection) =>
        recall < UsualRecall
            ? Finding.Warning(
                "recall",
                string.Create(CultureInfo.InvariantCulture, $"recall@10 {recall:F3}"),
                $"tune it: sextant collection verify {collection} --target-recall 0.95"
            )
            : Finding.Ok("recall", string.Create(CultureInfo.InvariantCulture, $"recall@10 {recall:F3}"));
}
