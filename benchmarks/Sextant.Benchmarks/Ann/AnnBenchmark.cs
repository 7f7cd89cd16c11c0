using System.Globalization;
using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Ann;

/// <summary>
/// <c>ann</c>: indexes the same vectors with ours and with every installed peer, searches them in turn, and reports speed at equal recall.
/// All contenders run at once and take turns at each ef, so that a disturbance does not affect only one of them.
/// </summary>
internal static class AnnBenchmark
{
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            Arguments arguments = new(args);
            var options = AnnOptions.Parse(arguments);
            arguments.RefuseOthers();
            Measure(options);
            return 0;
        }
        catch (InputException e)
        {
            Console.Error.WriteLine($"{e.Message}\n{AnnOptions.Usage}");
            return 2;
        }
    }

    private static void Measure(AnnOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("sextant-ann-").FullName;
        List<Contender> contenders = [];
        try
        {
            var data = AnnData.Load(options);
            FvecsFile.Write(Path.Combine(folder, "base.fvecs"), data.Base);
            FvecsFile.Write(Path.Combine(folder, "query.fvecs"), data.Queries);
            contenders = Contenders.Start(options, folder);
            foreach (Contender contender in contenders)
            {
                Console.Error.WriteLine($"{contender.Name}: building");
                contender.Build();
            }

            for (int round = 1; round <= options.Rounds; round++)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"searching, round {round} of {options.Rounds}"));
                foreach (int ef in options.EfSearch)
                {
                    foreach (Contender contender in contenders)
                        contender.Search(ef, Path.Combine(folder, "ids"), data);
                }
            }

            AnnReport.Table(contenders, data, KernelTime.Nanoseconds(data.Base, options.Rounds));
            AnnReport.EqualRecalls(contenders);
            AnnReport.Ratios(contenders);
            if (options.Json is { } json)
                AnnReport.Json(json, contenders, options, data);
            if (options.Plot is { } plot)
                RecallPlot.Write(plot, contenders, data);
        }
        finally
        {
            contenders.ForEach(c => c.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }
}
