package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mapping of a file, held against the keys of its level when it is made: unknown ones, values of a wrong kind and missing ones are said then. Values that are there
 * but empty count as missing. Its methods answer what is right, and say what is wrong. For one thread.
 */
final class Fields {
    private static final Pattern MEMORY = Pattern.compile("([0-9]{1,15})(?:\\.([0-9]{1,3}))?\\s*([kmgt])?(?:i?b)?");
    private static final Pattern CPU = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,3})?");

    private static final Pattern IMAGE = Pattern.compile(
            "([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(@sha256:[0-9a-f]{64})?");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final long LONGEST_SECONDS = Duration.ofDays(30).toSeconds();
    private static final int LONGEST_NAME = 200;

    private final Reading reading;
    private final Level level;
    private final Owner owner;
    private final Yaml.Mapping mapping;
    private final Map<String, Yaml> values = new LinkedHashMap<>();

    Fields(Reading reading, Level level, Owner owner, Yaml.Mapping mapping) {
        this.reading = reading;
        this.level = level;
        this.owner = owner;
        this.mapping = mapping;
        mapping.entries().forEach(this::take);
        for (Key key : level.keys()) {
            if (key.isRequired() && !isWritten(key.name())) {
                problems()
                        .error(
                                mapping.position(),
                                Messages.Problem_missing(level.words(), key.name()),
                                Messages.Problem_example(key.name() + ": " + key.example()));
            }
        }
    }

    private void take(Yaml.Entry entry) {
        String name = entry.key().text();
        Optional<Key> known = level.key(name);
        if (known.isEmpty()) {
            unknown(entry);
        } else if (known.get().isIgnored()) {
            problems()
                    .warn(
                            entry.key().position(),
                            Messages.Problem_ignored(name),
                            known.get().description().get());
        } else if (entry.value() instanceof Yaml.Scalar scalar && scalar.isNothing()) {
            // As if it were not there: "environment:" whose variables are all commented out.
            return;
        } else if (known.get().type().takes(entry.value().kind())) {
            values.put(name, entry.value());
        } else {
            wrongKind(known.get(), entry.value());
        }
    }

    private void unknown(Yaml.Entry entry) {
        String name = entry.key().text();
        if (level == Level.MATRIX || level == Level.WORKFLOW && (name.startsWith("x-") || name.startsWith("."))) {
            return;
        }
        String remedy = level.familiar(name).map(Messages::Problem_meant).orElseGet(() -> problems()
                .meant(name, level.names()));
        problems()
                .warn(
                        entry.key().position(),
                        Messages.Problem_unknownKey(level.words(), YamlReader.shortened(name)),
                        remedy);
    }

    private void wrongKind(Key key, Yaml value) {
        problems()
                .error(
                        value.position(),
                        Messages.Problem_kind(
                                key.name(), kind(value), key.type().words()),
                        Messages.Problem_example(key.name() + ": " + key.example()));
    }

    /** What a value is, for a message. */
    static String kind(Yaml value) {
        return switch (value.kind()) {
            case MAPPING -> Messages.Kind_mapping();
            case SEQUENCE -> Messages.Kind_sequence();
            case SCALAR ->
                value instanceof Yaml.Scalar scalar && scalar.isNothing()
                        ? Messages.Kind_nothing()
                        : Messages.Kind_scalar();
        };
    }

    private Problems problems() {
        return reading.problems();
    }

    private Key key(String name) {
        return level.key(name)
                .filter(each -> !each.isIgnored())
                .orElseThrow(() -> new IllegalArgumentException(level + " has no key " + name));
    }

    Reading reading() {
        return reading;
    }

    Owner owner() {
        return owner;
    }

    Position position() {
        return mapping.position();
    }

    /** Whether the key is there with a value that can be read. */
    boolean has(String name) {
        return values.containsKey(key(name).name());
    }

    /** Whether the key is there with a value, be it a wrong one. */
    boolean isWritten(String name) {
        return mapping.entries().stream()
                .anyMatch(entry -> entry.key().text().equals(name)
                        && !(entry.value() instanceof Yaml.Scalar scalar && scalar.isNothing()));
    }

    /** Where the key stands; the mapping's place if it is not there. */
    Position keyPosition(String name) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().text().equals(name))
                .findFirst()
                .map(entry -> entry.key().position())
                .orElse(mapping.position());
    }

    /** The keys that the level does not know, with their values. */
    List<Yaml.Entry> others() {
        return mapping.entries().stream()
                .filter(entry -> level.key(entry.key().text()).isEmpty())
                .toList();
    }

    Optional<Yaml> value(String name) {
        return Optional.ofNullable(values.get(key(name).name()));
    }

    Optional<Yaml.Scalar> scalar(String name) {
        return value(name).filter(Yaml.Scalar.class::isInstance).map(Yaml.Scalar.class::cast);
    }

    /** The fields of a value that is a mapping. */
    Optional<Fields> fields(String name, Level inner) {
        return value(name)
                .filter(Yaml.Mapping.class::isInstance)
                .map(each -> new Fields(reading, inner, owner, (Yaml.Mapping) each));
    }

    /** A wrong value. */
    void bad(Position position, String text, String remedy) {
        problems().error(position, text, remedy);
    }

    private void badValue(Key key, Yaml.Scalar scalar) {
        bad(
                scalar.position(),
                Messages.Problem_value(
                        key.name(),
                        YamlReader.shortened(scalar.text()),
                        key.type().words()),
                Messages.Problem_example(key.name() + ": " + key.example()));
    }

    /** A text without line ends that is not blank, for people or as an id. */
    Optional<String> name(String name) {
        Optional<Yaml.Scalar> scalar = scalar(name);
        if (scalar.isEmpty()) {
            return Optional.empty();
        }
        String text = scalar.get().text().strip();
        if (!isName(text)) {
            bad(
                    scalar.get().position(),
                    Messages.Problem_name(name, YamlReader.shortened(text)),
                    Messages.Problem_nameRemedy(LONGEST_NAME));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** Whether a text can name a stage, a job or a step. */
    static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.codePoints()
                        .noneMatch(each -> Character.isISOControl(each)
                                || Character.getType(each) == Character.FORMAT
                                || Character.getType(each) == Character.SURROGATE
                                || each == 0x2028
                                || each == 0x2029);
    }

    /** A name that becomes a part of a command or of an image, so it holds only what the pattern allows. */
    Optional<String> word(String name, Pattern allowed, String rule) {
        Optional<Yaml.Scalar> scalar = scalar(name);
        if (scalar.isEmpty()) {
            return Optional.empty();
        }
        String text = scalar.get().text();
        if (text.length() > LONGEST_NAME || !allowed.matcher(text).matches()) {
            bad(scalar.get().position(), Messages.Problem_word(name, YamlReader.shortened(text)), rule);
            return Optional.empty();
        }
        return Optional.of(text);
    }

    Optional<Template> template(String name) {
        return scalar(name).flatMap(scalar -> reading.template(owner, key(name), scalar, 0));
    }

    Optional<Expression> condition(String name) {
        return scalar(name).flatMap(scalar -> reading.condition(owner, key(name), scalar));
    }

    /** The name of an image, with x in the places of references; an empty one for none. */
    Optional<Template> image(String name) {
        Optional<Template> image = template(name);
        image.ifPresent(each -> {
            String text = each.resolve(reference -> "x");
            if (!text.isEmpty() && (text.length() > 255 || !IMAGE.matcher(text).matches())) {
                bad(
                        scalar(name).orElseThrow().position(),
                        Messages.Problem_image(YamlReader.shortened(each.source())),
                        text.contains("$") ? Messages.Problem_imageVariableRemedy() : Messages.Problem_imageRemedy());
            }
        });
        return image;
    }

    Optional<Duration> duration(String name) {
        return scalar(name).flatMap(scalar -> {
            Optional<Duration> written = WrittenDuration.of(scalar.text());
            if (written.isEmpty()) {
                badValue(key(name), scalar);
                return Optional.empty();
            }
            long seconds = written.get().toSeconds();
            if (seconds == 0 || seconds > LONGEST_SECONDS) {
                bad(
                        scalar.position(),
                        Messages.Problem_duration(name, scalar.text()),
                        Messages.Problem_durationRemedy());
                return Optional.empty();
            }
            return Optional.of(Duration.ofSeconds(seconds));
        });
    }

    /** Bytes. */
    Optional<Long> memory(String name) {
        return scalar(name).flatMap(scalar -> {
            Matcher matcher = MEMORY.matcher(scalar.text().strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                badValue(key(name), scalar);
                return Optional.empty();
            }
            double number =
                    Double.parseDouble(matcher.group(1) + "." + (matcher.group(2) == null ? "0" : matcher.group(2)));
            int power = matcher.group(3) == null ? 0 : "kmgt".indexOf(matcher.group(3)) + 1;
            double bytes = number * Math.pow(1024, power);
            // Docker refuses less than 6 MiB.
            if (bytes < 6 * 1024 * 1024 || bytes > 1L << 50) {
                bad(scalar.position(), Messages.Problem_memory(scalar.text()), Messages.Problem_memoryRemedy());
                return Optional.empty();
            }
            return Optional.of((long) bytes);
        });
    }

    /** Processors. */
    Optional<Double> cpu(String name) {
        return scalar(name).flatMap(scalar -> {
            if (!CPU.matcher(scalar.text()).matches() || Double.parseDouble(scalar.text()) < 0.01) {
                badValue(key(name), scalar);
                return Optional.empty();
            }
            return Optional.of(Double.valueOf(scalar.text()));
        });
    }

    boolean flag(String name, boolean otherwise) {
        return scalar(name).map(scalar -> flag(key(name), scalar, otherwise)).orElse(otherwise);
    }

    private boolean flag(Key key, Yaml.Scalar scalar, boolean otherwise) {
        return switch (scalar.text().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> {
                badValue(key, scalar);
                yield otherwise;
            }
        };
    }

    /** A number from 0 to the most of its key. */
    Optional<Integer> count(String name) {
        return scalar(name).flatMap(scalar -> count(name, scalar, key(name).most()));
    }

    private Optional<Integer> count(String name, Yaml.Scalar scalar, int most) {
        if (!scalar.text().matches("[0-9]{1,9}") || Integer.parseInt(scalar.text()) > most) {
            bad(
                    scalar.position(),
                    Messages.Problem_count(name, YamlReader.shortened(scalar.text())),
                    Messages.Problem_countRemedy(most));
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(scalar.text()));
    }

    /** The number that a scalar is instead of a mapping with it, such as {@code retry: 2}. */
    Optional<Integer> count(String name, Key of) {
        return scalar(name).flatMap(scalar -> count(name, scalar, of.most()));
    }

    /** One of the words of the key. */
    Optional<String> choice(String name) {
        return scalar(name).flatMap(scalar -> {
            List<String> choices = key(name).choices();
            if (!choices.contains(scalar.text())) {
                bad(
                        scalar.position(),
                        Messages.Problem_choice(name, YamlReader.shortened(scalar.text())),
                        problems().meant(scalar.text(), choices));
                return Optional.empty();
            }
            return Optional.of(scalar.text());
        });
    }

    /** The scalars of a value that is one or a list of them. */
    List<Yaml.Scalar> scalars(String name) {
        List<Yaml.Scalar> scalars = new ArrayList<>();
        value(name).ifPresent(value -> {
            List<Yaml> items = value instanceof Yaml.Sequence list ? list.items() : List.of(value);
            for (Yaml item : items) {
                if (item instanceof Yaml.Scalar scalar && !scalar.isNothing()) {
                    scalars.add(scalar);
                } else {
                    wrongKind(key(name), item);
                }
            }
        });
        return scalars;
    }

    /** Names of outputs. */
    List<String> outputs() {
        List<String> names = new ArrayList<>();
        for (Yaml.Scalar scalar : scalars("outputs")) {
            if (scalar.text().length() > LONGEST_NAME || !Reference.isKey(scalar.text())) {
                bad(
                        scalar.position(),
                        Messages.Problem_key("outputs", YamlReader.shortened(scalar.text())),
                        Messages.Problem_keyRemedy());
            } else if (!names.contains(scalar.text())) {
                names.add(scalar.text());
            }
        }
        return names;
    }

    /** Exit codes. */
    List<Integer> codes(String name) {
        List<Integer> codes = new ArrayList<>();
        for (Yaml.Scalar scalar : scalars(name)) {
            if (!scalar.text().matches("[0-9]{1,3}")
                    || Integer.parseInt(scalar.text()) < 1
                    || Integer.parseInt(scalar.text()) > 255) {
                badValue(key(name), scalar);
            } else {
                codes.add(Integer.valueOf(scalar.text()));
            }
        }
        return codes;
    }

    /** Patterns of files below the workspace, with references. */
    List<Template> globs(String name) {
        List<Template> globs = new ArrayList<>();
        for (Yaml.Scalar scalar : scalars(name)) {
            reading.template(owner, key(name), scalar, 0).ifPresent(glob -> {
                checkGlob(name, scalar, glob.resolve(reference -> "x"));
                globs.add(glob);
            });
        }
        return globs;
    }

    /** Patterns of files below the workspace, without references. */
    List<String> paths(String name) {
        List<String> paths = new ArrayList<>();
        for (Yaml.Scalar scalar : scalars(name)) {
            Optional<Template> template = reading.template(owner, key(name), scalar, 0);
            if (template.isPresent() && !template.get().references().isEmpty()) {
                bad(scalar.position(), Messages.Problem_reference(name), Messages.Problem_referenceRemedy());
            } else if (template.isPresent()) {
                String path = template.get().resolve(reference -> "");
                checkGlob(name, scalar, path);
                paths.add(path);
            }
        }
        return paths;
    }

    private void checkGlob(String name, Yaml.Scalar scalar, String text) {
        if (text.isBlank()
                || text.length() > 500
                || text.startsWith("~")
                || text.matches("(?s)[A-Za-z]:.*")
                || text.chars().anyMatch(each -> each < ' ')
                || text.contains("$")) {
            bad(
                    scalar.position(),
                    Messages.Problem_glob(name, YamlReader.shortened(scalar.text())),
                    Messages.Problem_globRemedy());
            return;
        }
        try {
            Glob.checkPaths(text);
        } catch (IllegalArgumentException e) {
            bad(
                    scalar.position(),
                    Messages.Problem_glob(name, YamlReader.shortened(scalar.text())),
                    Messages.Problem_globRemedy());
        }
    }

    /** Texts by name, in the order of the file: a mapping. */
    Map<String, Template> texts(String name, Consumer<Yaml.Scalar> checkName) {
        Map<String, Template> texts = new LinkedHashMap<>();
        if (value(name).orElse(null) instanceof Yaml.Mapping variables) {
            for (Yaml.Entry entry : variables.entries()) {
                checkName.accept(entry.key());
                if (entry.value() instanceof Yaml.Scalar scalar) {
                    String none = scalar.isNothing() ? "" : null;
                    (none == null ? reading.template(owner, key(name), scalar, 0) : Optional.of(Template.of(none)))
                            .ifPresent(text -> texts.put(entry.key().text(), text));
                } else {
                    bad(
                            entry.value().position(),
                            Messages.Problem_variable(
                                    name, YamlReader.shortened(entry.key().text()), kind(entry.value())),
                            Messages.Problem_example(
                                    key(name).name() + ": " + key(name).example()));
                }
            }
        }
        return texts;
    }

    /** Variables: a mapping, or a list of {@code NAME=VALUE}. */
    Map<String, Template> environment() {
        Map<String, Template> variables = texts("environment", name -> checkVariable(name, name.text()));
        if (value("environment").orElse(null) instanceof Yaml.Sequence) {
            for (Yaml.Scalar scalar : scalars("environment")) {
                int cut = scalar.text().indexOf('=');
                if (cut < 0) {
                    // The value is not shown: it may be a secret whose name was forgotten.
                    bad(scalar.position(), Messages.Problem_assignment(), Messages.Problem_assignmentRemedy());
                    continue;
                }
                String name = scalar.text().substring(0, cut).strip();
                checkVariable(scalar, name);
                reading.template(owner, key("environment"), scalar, cut + 1)
                        .ifPresent(value -> variables.put(name, value));
            }
        }
        return variables;
    }

    private void checkVariable(Yaml.Scalar scalar, String name) {
        if (name.length() > LONGEST_NAME || !VARIABLE.matcher(name).matches()) {
            bad(
                    scalar.position(),
                    Messages.Problem_variableName(YamlReader.shortened(name)),
                    Messages.Problem_variableNameRemedy());
        } else if (name.startsWith("MINI_BUILD_")) {
            bad(scalar.position(), Messages.Problem_reserved(name), Messages.Problem_reservedRemedy());
        }
    }
}
