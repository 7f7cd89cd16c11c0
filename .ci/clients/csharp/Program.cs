// A whole life of a collection by a client that was generated. Usage: Clients ADDRESS
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Sextant.Generated;
using Sextant.Generated.Models;

HttpClientRequestAdapter adapter = new(new AnonymousAuthenticationProvider()) { BaseUrl = args[0] };
SextantApi client = new(adapter);
await client.V1.Collections["csharp"].PutAsync(new());
await client
    .V1.Collections["csharp"]
    .Documents.PostAsync(
        new DocumentsRequest
        {
            Documents =
            [
                new() { Id = "refund", Text = "The purchase price is refunded in a week." },
                new() { Id = "hours", Text = "We open at nine." },
            ],
        }
    );
SearchResponse? found = await client.V1.Collections["csharp"].Search.PostAsync(new() { Query = "money back", K = 1 });
if (found?.Results?[0].Id != "refund")
    throw new InvalidOperationException($"found {found?.Results?[0].Id}");
try
{
    await client.V1.Collections["missing"].GetAsync();
    throw new InvalidOperationException("no error");
}
catch (ErrorBody e) when (e.Error?.Code == "collection_not_found") { }

await client.V1.Collections["csharp"].DeleteAsync();
Console.WriteLine("C#: ok");
