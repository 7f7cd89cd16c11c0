#pragma warning disable OPENAI001 // The vector stores of OpenAI's client are marked as experimental.
using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Files;
using OpenAI.VectorStores;

namespace Sextant.Server.Tests.Client;

/// <summary>OpenAI's own .NET client for files and vector stores, unchanged but for its base address.</summary>
public sealed class OpenAIVectorStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vector_store_lives_from_upload_to_deletion()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        OpenAIClient client = new(new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new(service.Url, "/v1") });
        OpenAIFileClient files = client.GetOpenAIFileClient();
        VectorStoreClient stores = client.GetVectorStoreClient();
        OpenAIFile file = await files.UploadFileAsync(
            new MemoryStream(Encoding.UTF8.GetBytes("The purchase price is refunded within a week.")),
            "refunds.txt",
            FileUploadPurpose.Assistants,
            Stop
        );
        VectorStore store = await stores.CreateVectorStoreAsync(new VectorStoreCreationOptions { Name = "Support" }, Stop);
        await stores.AddFileToVectorStoreAsync(store.Id, file.Id, Stop);
        VectorStoreFile state = await stores.GetVectorStoreFileAsync(store.Id, file.Id, Stop);
        while (state.Status == VectorStoreFileStatus.InProgress)
        {
            await Task.Delay(20, Stop);
            state = await stores.GetVectorStoreFileAsync(store.Id, file.Id, Stop);
        }

        Assert.Equal(VectorStoreFileStatus.Completed, state.Status);
        Assert.Equal("Support", ((VectorStore)await stores.GetVectorStoreAsync(store.Id, Stop)).Name);
        Assert.Equal("refunds.txt", ((OpenAIFile)await files.GetFileAsync(file.Id, Stop)).Filename);
        VectorStoreDeletionResult deleted = await stores.DeleteVectorStoreAsync(store.Id, Stop);
        FileDeletionResult gone = await files.DeleteFileAsync(file.Id, Stop);
        Assert.True(deleted.Deleted && gone.Deleted);
    }
}
