using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>StackFAQ: threads with a question and its rephrasings; which question does a rephrasing ask?</summary>
internal static class FaqThreads
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static RetrievalTask Read(string path, string? mainScore)
    {
        List<NamedText> queries = [],
            documents = [];
        var judgments = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (XElement thread in Load(path).Elements("qapair"))
        {
            string question = documents.Count.ToString(CultureInfo.InvariantCulture);
            documents.Add(new NamedText(question, Text(thread.Element("question"))));
            // A star says that there was nothing to write.
            foreach (string rephrasing in thread.Elements("rephr").Select(Text).Where(static text => text is not ("" or "*")))
            {
                string id = "r" + queries.Count.ToString(CultureInfo.InvariantCulture);
                queries.Add(new NamedText(id, rephrasing));
                judgments[id] = new Dictionary<string, double> { [question] = 1 };
            }
        }

        return new RetrievalTask(new RetrievalData(queries, documents, judgments), mainScore);
    }

    private static XElement Load(string path)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(path, Settings);
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw new InputException($"{path}:{e.LineNumber}: not well-formed XML ({e.Message})", e);
        }
    }

    private static string Text(XElement? element) => element?.Value.Trim() ?? "";
}
