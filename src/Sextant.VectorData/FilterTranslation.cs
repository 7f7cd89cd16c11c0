using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.Extensions.VectorData.ProviderServices;
using Microsoft.Extensions.VectorData.ProviderServices.Filter;
using Sextant.Search.Filters;
using RecordModel = Microsoft.Extensions.VectorData.ProviderServices.CollectionModel;

namespace Sextant.VectorData;

/// <summary>Translates a condition on a record from a lambda expression to a filter.</summary>
/// <param name="model">The model of the records.</param>
/// <param name="mapper">Returns the metadata field of a property.</param>
internal sealed class FilterTranslation(RecordModel model, Func<PropertyModel, string> mapper) : FilterTranslatorBase
{
    private static readonly ExistsFilter Exists = new(new FieldPath(["a"]));
    private static readonly FilterExpression Always = new OrFilter(Exists, new NotFilter(Exists));
    private static readonly FilterExpression Never = new AndFilter(Exists, new NotFilter(Exists));

    /// <exception cref="NotSupportedException">The expression has no counterpart.</exception>
    /// <exception cref="InvalidOperationException">The expression names a property that the model does not have.</exception>
    public FilterExpression Translate(LambdaExpression filter) =>
        Condition(PreprocessFilter(filter, model, new FilterPreprocessingOptions()));

    // The compiler widens numbers before it compares them, which changes no value.
    protected override bool TryBindProperty(Expression expression, [NotNullWhen(true)] out PropertyModel? propertyModel)
    {
        while (
            expression is UnaryExpression { NodeType: ExpressionType.Convert } convert
            && IsNumber(convert.Type)
            && IsNumber(convert.Operand.Type)
        )
        {
            expression = convert.Operand;
        }

        return base.TryBindProperty(expression, out propertyModel);
    }

    private static bool IsNumber(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal
        && !(Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    private FilterExpression Condition(Expression expression)
    {
        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } and:
                return new AndFilter(Condition(and.Left), Condition(and.Right));
            case BinaryExpression { NodeType: ExpressionType.OrElse } or:
                return new OrFilter(Condition(or.Left), Condition(or.Right));
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return new NotFilter(Condition(not.Operand));
            case UnaryExpression { NodeType: ExpressionType.Convert } convert when convert.Type == typeof(bool):
                return TryBindProperty(convert, out PropertyModel? converted) ? IsTrue(converted) : Condition(convert.Operand);
            case BinaryExpression comparison when IsComparison(comparison.NodeType):
                return Compare(comparison);
            case MethodCallExpression call when TryMatchContains(call, out Expression? source, out Expression? item):
                return Contains(call, source, item);
            case MethodCallExpression { Method.Name: nameof(string.Contains), Object: { } text, Arguments: [var part] } call
                when call.Method.DeclaringType == typeof(string):
                return Contains(call, text, part);
            case MethodCallExpression { Method.Name: nameof(Enumerable.Any), Arguments: [var list, LambdaExpression predicate] } call
                when call.Method.DeclaringType == typeof(Enumerable):
                return Any(call, list, predicate);
            case ConstantExpression { Value: bool truth }:
                return truth ? Always : Never;
            default:
                return expression.Type == typeof(bool) && TryBindProperty(expression, out PropertyModel? flag)
                    ? IsTrue(flag)
                    : throw Unknown(expression);
        }
    }

    private ComparisonFilter IsTrue(PropertyModel property) => new(FieldOf(property), FilterComparison.Equal, FilterValue.Boolean(true));

    private FilterExpression Compare(BinaryExpression comparison)
    {
        bool isMirrored = !TryBindProperty(comparison.Left, out PropertyModel? property);
        if (isMirrored && !TryBindProperty(comparison.Right, out property))
            throw Unknown(comparison);
        FieldPath field = FieldOf(property!);
        object? value = Value(isMirrored ? comparison.Left : comparison.Right);
        if (comparison.NodeType is ExpressionType.Equal or ExpressionType.NotEqual)
        {
            FilterExpression equal = Equal(field, value);
            return comparison.NodeType == ExpressionType.Equal ? equal : new NotFilter(equal);
        }

        return value is null
            ? Never
            : new ComparisonFilter(
                field,
                (comparison.NodeType, isMirrored) switch
                {
                    (ExpressionType.LessThan, false) or (ExpressionType.GreaterThan, true) => FilterComparison.Less,
                    (ExpressionType.LessThanOrEqual, false) or (ExpressionType.GreaterThanOrEqual, true) => FilterComparison.LessOrEqual,
                    (ExpressionType.GreaterThan, false) or (ExpressionType.LessThan, true) => FilterComparison.Greater,
                    _ => FilterComparison.GreaterOrEqual,
                },
                Literal(value)
            );
    }

    // list.Contains(r.Field), or r.Field.Contains(value).
    private FilterExpression Contains(Expression call, Expression source, Expression item)
    {
        if (TryBindProperty(source, out PropertyModel? whole))
            return new ContainsFilter(FieldOf(whole), Literal(Value(item) ?? throw Unknown(call)));
        if (!TryBindProperty(item, out PropertyModel? property))
            throw Unknown(call);
        FieldPath field = FieldOf(property);
        object?[] values = Values(source);
        FilterValue[] known = [.. values.Where(value => value is not null).Select(value => Literal(value!))];
        FilterExpression among = known.Length == 0 ? Never : new InFilter(field, known);
        return values.Contains(null) ? new OrFilter(among, new IsNullFilter(field)) : among;
    }

    // r.Field.Any(element => list.Contains(element))
    private FilterExpression Any(Expression call, Expression source, LambdaExpression predicate)
    {
        if (
            !TryBindProperty(source, out PropertyModel? property)
            || predicate.Body is not MethodCallExpression inner
            || !TryMatchContains(inner, out Expression? list, out Expression? item)
            || item != predicate.Parameters[0]
        )
        {
            throw Unknown(call);
        }

        FieldPath field = FieldOf(property);
        FilterValue[] known = [.. Values(list).Where(value => value is not null).Select(value => Literal(value!))];
        return known.Length == 0 ? Never : new AnyInFilter(field, known);
    }

    private FieldPath FieldOf(PropertyModel property) => new([mapper(property)]);

    private static FilterExpression Equal(FieldPath field, object? value) =>
        value is null ? new IsNullFilter(field)
        : value is IEnumerable list and not string ? new ArrayFilter(field, [.. list.Cast<object>().Select(element => Literal(element))])
        : new ComparisonFilter(field, FilterComparison.Equal, Literal(value));

    // As System.Text.Json writes it in the metadata.
    private static FilterValue Literal(object value) =>
        value switch
        {
            string text => FilterValue.Text(text),
            bool truth => FilterValue.Boolean(truth),
            sbyte or byte or short or ushort or int or uint or long => FilterValue.Number(
                Convert.ToInt64(value, CultureInfo.InvariantCulture)
            ),
            // The shortest digits, because those are in the metadata.
            float or double or decimal or ulong => FilterValue.Number(
                double.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            ),
            _ => JsonSerializer.SerializeToNode(value, value.GetType()) is { } node && node.GetValueKind() == JsonValueKind.String
                ? FilterValue.Text(node.GetValue<string>())
                : throw new NotSupportedException($"a filter cannot compare with a {value.GetType().Name}"),
        };

    private static object?[] Values(Expression expression) =>
        Unwrap(expression) switch
        {
            NewArrayExpression array => [.. array.Expressions.Select(Value)],
            ConstantExpression { Value: IEnumerable values } => [.. values.Cast<object?>()],
            _ => throw Unknown(expression),
        };

    private static object? Value(Expression expression) =>
        Unwrap(expression) is ConstantExpression constant ? constant.Value : throw Unknown(expression);

    private static Expression Unwrap(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert
            ? Unwrap(convert.Operand)
            : expression;

    private static bool IsComparison(ExpressionType type) =>
        type
            is ExpressionType.Equal
                or ExpressionType.NotEqual
                or ExpressionType.LessThan
                or ExpressionType.LessThanOrEqual
                or ExpressionType.GreaterThan
                or ExpressionType.GreaterThanOrEqual;

    private static NotSupportedException Unknown(Expression expression) =>
        new($"a filter does not support '{expression}': use comparisons of properties with values, &&, ||, !, Contains and Any");
}
