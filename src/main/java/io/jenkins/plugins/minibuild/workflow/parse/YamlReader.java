package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into values with places. It makes no objects of what a file says. Size, depth and the values that aliases stand for are bounded, so any text takes
 * bounded time and memory.
 */
final class YamlReader {
    /** Characters. */
    static final int LONGEST = 1 << 20;

    /** Lists and mappings inside each other. */
    static final int DEEPEST = 50;

    /** Values with all that aliases stand for. */
    static final int MOST_VALUES = 100_000;

    private static final String STANDARD = "tag:yaml.org,2002:";
    private static final Set<String> TAGS =
            Set.of("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value");

    private final Problems problems;
    private final Map<Node, Boolean> open = new IdentityHashMap<>();
    private List<String> lines = List.of();
    private int values;
    private int characters;

    /** Ends the reading where going on makes no sense; the problem has been said. */
    private static final class StopException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StopException() {
            super(null, null, false, false);
        }
    }

    YamlReader(Problems problems) {
        this.problems = problems;
    }

    /** The value of a text; empty if it cannot be read, which is then a problem. */
    Optional<Yaml> read(String text) {
        String source = text.startsWith("\ufeff") ? text.substring(1) : text;
        if (source.length() > LONGEST) {
            problems.error(new Position(1, 1), Messages.Yaml_long(LONGEST), Messages.Yaml_longRemedy());
            return Optional.empty();
        }
        lines = source.lines().toList();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LONGEST);
        options.setNestingDepthLimit(DEEPEST);
        // No tag makes an object here; below each is refused with its place.
        options.setTagInspector(tag -> true);
        // Nothing is expanded while nodes are composed; it is below, where values are counted.
        options.setMaxAliasesForCollections(MOST_VALUES);
        try {
            Node root = new Composer(
                            new ParserImpl(new StreamReader(new WholeCharacters(source)), options),
                            new Resolver(),
                            options)
                    .getSingleNode();
            if (root == null) {
                problems.error(new Position(1, 1), Messages.Yaml_empty(), Messages.Yaml_emptyRemedy());
                return Optional.empty();
            }
            return Optional.of(value(root, 0));
        } catch (StopException e) {
            return Optional.empty();
        } catch (ReaderException e) {
            character(source, e);
        } catch (MarkedYAMLException e) {
            syntax(e);
        } catch (YAMLException e) {
            // Without a place: only the limit of depth is left here.
            problems.error(new Position(1, 1), Messages.Yaml_deep(DEEPEST), Messages.Yaml_deepRemedy());
        }
        return Optional.empty();
    }

    private void character(String source, ReaderException e) {
        int at = 0;
        while (at < source.length() && source.codePointAt(at) != e.getCodePoint()) {
            at += Character.charCount(source.codePointAt(at));
        }
        int line = 1;
        int begin = 0;
        for (int i = 0; i < at; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                begin = i + 1;
            }
        }
        problems.error(
                new Position(line, source.codePointCount(begin, at) + 1),
                Messages.Yaml_character(String.format("U+%04X", e.getCodePoint())),
                Messages.Yaml_characterRemedy());
    }

    private void syntax(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        Position position = mark == null ? new Position(1, 1) : position(mark);
        String problem = e.getProblem() == null ? "" : e.getProblem();
        if (problem.contains("(TAB)")) {
            problems.error(position, Messages.Yaml_tab(), Messages.Yaml_tabRemedy());
        } else if (problem.startsWith("but found another document")) {
            problems.error(position, Messages.Yaml_documents(), Messages.Yaml_documentsRemedy());
        } else if (problem.startsWith("found undefined alias")) {
            problems.error(
                    position,
                    Messages.Yaml_alias(shortened(
                            problem.substring("found undefined alias".length()).strip())),
                    Messages.Yaml_aliasRemedy());
        } else {
            problems.error(
                    position,
                    Messages.Yaml_syntax(problem.isEmpty() ? String.valueOf(e.getContext()) : problem),
                    Messages.Yaml_syntaxRemedy());
        }
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Yaml value(Node node, int depth) {
        Position position = position(node.getStartMark());
        characters += node instanceof ScalarNode scalar ? scalar.getValue().length() : 0;
        if (++values > MOST_VALUES || characters > 2 * LONGEST) {
            problems.error(position, Messages.Yaml_many(MOST_VALUES), Messages.Yaml_manyRemedy());
            throw new StopException();
        }
        if (depth > DEEPEST) {
            problems.error(position, Messages.Yaml_deep(DEEPEST), Messages.Yaml_deepRemedy());
            throw new StopException();
        }
        if (open.put(node, true) != null) {
            problems.error(position, Messages.Yaml_circle(), Messages.Yaml_circleRemedy());
            throw new StopException();
        }
        checkTag(node, position);
        Yaml value;
        if (node instanceof MappingNode mapping) {
            value = mapping(mapping, position, depth);
        } else if (node instanceof SequenceNode sequence) {
            List<Yaml> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(value(item, depth + 1));
            }
            value = new Yaml.Sequence(position, List.copyOf(items));
        } else {
            value = scalar((ScalarNode) node, position);
        }
        open.remove(node);
        return value;
    }

    private void checkTag(Node node, Position position) {
        String tag = node.getTag().getValue();
        if (!tag.equals("!") && !(tag.startsWith(STANDARD) && TAGS.contains(tag.substring(STANDARD.length())))) {
            String shown = tag.startsWith(STANDARD) ? "!!" + tag.substring(STANDARD.length()) : tag;
            problems.error(position, Messages.Yaml_tag(shortened(shown)), Messages.Yaml_tagRemedy());
        }
    }

    private Yaml mapping(MappingNode node, Position position, int depth) {
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
        Map<String, Position> own = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (keyNode.getTag().equals(Tag.MERGE)) {
                merge(tuple.getValueNode(), entries, depth);
                continue;
            }
            Yaml key = value(keyNode, depth + 1);
            Yaml value = value(tuple.getValueNode(), depth + 1);
            if (!(key instanceof Yaml.Scalar text)) {
                problems.error(key.position(), Messages.Yaml_key(), Messages.Yaml_keyRemedy());
                continue;
            }
            Position first = own.putIfAbsent(text.text(), text.position());
            if (first == null) {
                entries.put(text.text(), new Yaml.Entry(text, value));
            } else {
                problems.error(
                        text.position(),
                        Messages.Yaml_twice(shortened(text.text()), first.line(), first.column()),
                        Messages.Yaml_twiceRemedy());
            }
        }
        return new Yaml.Mapping(position, List.copyOf(entries.values()));
    }

    /** What is merged stands behind what the mapping says itself, and the first of several mappings before the next one. */
    private void merge(Node from, Map<String, Yaml.Entry> entries, int depth) {
        Yaml source = value(from, depth + 1);
        List<Yaml> sources = source instanceof Yaml.Sequence list ? list.items() : List.of(source);
        for (Yaml each : sources) {
            if (each instanceof Yaml.Mapping mapping) {
                mapping.entries()
                        .forEach(entry -> entries.putIfAbsent(entry.key().text(), entry));
            } else {
                problems.error(each.position(), Messages.Yaml_merge(), Messages.Yaml_mergeRemedy());
            }
        }
    }

    private Yaml scalar(ScalarNode node, Position position) {
        Tag tag = node.getTag();
        Yaml.Type type = Yaml.Type.TEXT;
        if (tag.equals(Tag.INT)) {
            type = Yaml.Type.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            type = Yaml.Type.REAL;
        } else if (tag.equals(Tag.BOOL)) {
            type = Yaml.Type.FLAG;
        } else if (tag.equals(Tag.NULL)) {
            type = Yaml.Type.NOTHING;
        }
        return new Yaml.Scalar(position, node.getValue(), type, layout(node));
    }

    private Yaml.Layout layout(ScalarNode node) {
        Mark begin = node.getStartMark();
        Mark end = node.getEndMark();
        int length = node.getValue().codePointCount(0, node.getValue().length());
        int width = begin.getLine() == end.getLine() ? end.getColumn() - begin.getColumn() : -1;
        if (node.getScalarStyle() == ScalarStyle.LITERAL) {
            int first = Math.min(begin.getLine() + 1, lines.size());
            return new Yaml.Layout(
                    -1, lines.subList(first, Math.min(Math.max(first, end.getLine() + 1), lines.size())));
        }
        if (node.getScalarStyle() == ScalarStyle.PLAIN && width == length) {
            return new Yaml.Layout(0, List.of());
        }
        // Without escapes: then it is as wide as its text and two quotes.
        boolean quoted = node.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
                || node.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
        return quoted && width == length + 2 ? new Yaml.Layout(1, List.of()) : Yaml.Layout.UNKNOWN;
    }

    /** For a message. */
    static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 60 ? line.substring(0, 60) + "..." : line;
    }

    /**
     * Never ends a block between the halves of a character: SnakeYAML 2.5 would read the second half behind the end of its buffer.
     */
    private static final class WholeCharacters extends StringReader {
        WholeCharacters(String text) {
            super(text);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            // One less than the buffer takes leaves room for the second half.
            return super.read(buffer, offset, length > 1 ? length - 1 : length);
        }
    }
}
