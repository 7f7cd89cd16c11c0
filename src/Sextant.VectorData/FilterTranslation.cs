using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace Sextant.VectorData;

/// <summary>Translates a condition on a record from a lambda expression to the filter language.</summary>
/// <param name="storedAs">The metadata field of a property.</param>
internal sealed class FilterTranslation(Func<string, string> storedAs)
{
    /// <exception cref="NotSupportedException">The expression has no counterpart.</exception>
    public string Write(LambdaExpression filter) => Condition(filter.Body, filter.Parameters[0]);

    private string Condition(Expression expression, ParameterExpression record)
    {
        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } and:
                return $"({Condition(and.Left, record)} and {Condition(and.Right, record)})";
            case BinaryExpression { NodeType: ExpressionType.OrElse } or:
                return $"({Condition(or.Left, record)} or {Condition(or.Right, record)})";
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return $"not ({Condition(not.Operand, record)})";
            case BinaryExpression comparison when Sign(comparison.NodeType) is { } sign:
                return FieldOf(comparison.Left, record) is { } left ? Compare(left, sign, Value(comparison.Right))
                    : FieldOf(comparison.Right, record) is { } right ? Compare(right, Mirror(sign), Value(comparison.Left))
                    : throw Unknown(expression);
            case MethodCallExpression { Method.Name: "Contains" } call:
                return Contains(call, record);
            case ConstantExpression { Value: bool truth }:
                return truth ? "(exists a or not exists a)" : "(exists a and not exists a)";
            default:
                return expression.Type == typeof(bool) && FieldOf(expression, record) is { } flag
                    ? $"{flag} = true"
                    : throw Unknown(expression);
        }
    }

    // list.Contains(r.Field), or r.Field.Contains(value); as a method of the list or as an extension.
    private string Contains(MethodCallExpression call, ParameterExpression record)
    {
        Expression[] parts = call.Object is null ? [.. call.Arguments.Take(2)] : [call.Object, call.Arguments[0]];
        if (FieldOf(Unwrap(parts[0]), record) is { } whole)
            return $"{whole} contains {Literal(Value(parts[1]))}";
        if (FieldOf(parts[1], record) is not { } field || Value(Unwrap(parts[0])) is not IEnumerable values)
            throw Unknown(call);
        string list = string.Join(", ", values.Cast<object?>().Select(Literal));
        return list.Length == 0 ? "(exists a and not exists a)" : $"{field} in ({list})";
    }

    private string? FieldOf(Expression expression, ParameterExpression record) =>
        Unwrap(expression) switch
        {
            MemberExpression { Expression: { } owner, Member.Name: var name } when Unwrap(owner) == record => Quoted(storedAs(name)),
            // A dictionary's indexer, with or without a cast of what it gives.
            MethodCallExpression { Method.Name: "get_Item", Object: { } owner } call when owner == record => Quoted(
                storedAs((string)Value(call.Arguments[0])!)
            ),
            _ => null,
        };

    private static string Compare(string field, string sign, object? value) =>
        value is null
            ? sign switch
            {
                "=" => $"{field} is null",
                "!=" => $"{field} is not null",
                _ => throw new NotSupportedException("null has no order"),
            }
            : $"{field} {sign} {Literal(value)}";

    private static string Literal(object? value) =>
        value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            bool truth => truth ? "true" : "false",
            byte or short or int or long or float or double or decimal => ((IFormattable)value).ToString(
                value is float or double ? "R" : null,
                CultureInfo.InvariantCulture
            ),
            Guid or DateTime or DateTimeOffset => System.Text.Json.JsonSerializer.Serialize(value).Replace('"', '\''),
            _ => throw new NotSupportedException($"a filter cannot compare with a {value?.GetType().Name ?? "null"}"),
        };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // What the compiler wraps around a value: a conversion, or a span over an array.
    private static Expression Unwrap(Expression expression) =>
        expression switch
        {
            UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert => Unwrap(convert.Operand),
            MethodCallExpression { Method.Name: "op_Implicit" } call => Unwrap(call.Arguments[0]),
            _ => expression,
        };

    private static object? Value(Expression expression) =>
        Unwrap(expression) switch
        {
            ConstantExpression constant => constant.Value,
            MemberExpression { Member: FieldInfo field } member => field.GetValue(
                member.Expression is null ? null : Value(member.Expression)
            ),
            MemberExpression { Member: PropertyInfo property } member => property.GetValue(
                member.Expression is null ? null : Value(member.Expression)
            ),
            NewArrayExpression array => array.Expressions.Select(Value).ToArray(),
            _ => throw Unknown(expression),
        };

    private static string? Sign(ExpressionType type) =>
        type switch
        {
            ExpressionType.Equal => "=",
            ExpressionType.NotEqual => "!=",
            ExpressionType.LessThan => "<",
            ExpressionType.LessThanOrEqual => "<=",
            ExpressionType.GreaterThan => ">",
            ExpressionType.GreaterThanOrEqual => ">=",
            _ => null,
        };

    private static string Mirror(string sign) =>
        sign switch
        {
            "<" => ">",
            "<=" => ">=",
            ">" => "<",
            ">=" => "<=",
            _ => sign,
        };

    private static NotSupportedException Unknown(Expression expression) =>
        new($"a filter does not support '{expression}': use comparisons of properties with values, &&, ||, ! and Contains");
}
