#!/usr/bin/env dotnet
#:project ../../src/Sextant/Sextant.csproj

// A whole program in one file, without a project: dotnet run search.cs -- FILE-OR-FOLDER "QUESTION"
// Outside the checkout, replace the first directive by "#:package Sextant@0.1.0".
using Sextant;
using Sextant.Sources;

if (args is not [string source, string question])
{
    Console.Error.WriteLine("usage: dotnet run search.cs -- FILE-OR-FOLDER QUESTION");
    return 2;
}

await using SemanticSearchEngine documents = await SourceCollection.OpenAsync(source);
foreach (SearchResult hit in await documents.SearchAsync(question, topK: 3))
{
    Console.WriteLine($"{hit.Score:F3}  {hit.Text.ReplaceLineEndings(" ")}");
}

return 0;
