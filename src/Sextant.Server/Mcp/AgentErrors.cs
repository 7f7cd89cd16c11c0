using ModelContextProtocol;
using Sextant.Server.Http;

namespace Sextant.Server.Mcp;

/// <summary>
/// Reports problems in the protocol's form: an agent needs the reason to correct a wrong call, and for other failures only learns that the
/// call failed.
/// </summary>
internal sealed class AgentErrors(LocalPaths paths)
{
    /// <summary>Does the work of a tool.</summary>
    /// <exception cref="McpException">The call was wrong.</exception>
    public async Task<T> InToolAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is ServiceException or SextantException)
        {
            throw new McpException(MessageOf(e), e);
        }
    }

    /// <summary>Does the work of a resource, a prompt or a completion, which have no result for errors.</summary>
    /// <exception cref="McpProtocolException">The request was wrong.</exception>
    public async Task<T> InRequestAsync<T>(Func<Task<T>> work, McpErrorCode missing = McpErrorCode.InvalidParams)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is ServiceException or SextantException)
        {
            throw new McpProtocolException(
                MessageOf(e),
                e,
                e is ServiceException { Status: 404 } ? missing
                    : e is ServiceException or InputException ? McpErrorCode.InvalidParams
                    : McpErrorCode.InternalError
            );
        }
    }

    private string MessageOf(Exception e) => e is ServiceException ? e.Message : paths.Remove(e.Message);
}
