package io.jenkins.plugins.minibuild.workflow.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.parse.Problem.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkflowParserTest {
    private static ParsedWorkflow parse(String yaml) {
        return WorkflowParser.parse(yaml);
    }

    private static List<String> lines(ParsedWorkflow parsed) {
        return parsed.problems().stream().map(each -> each.line("f")).toList();
    }

    static Stream<Path> good() {
        return Stream.concat(Examples.in("good").stream(), Examples.in("go-idp").stream());
    }

    static List<Path> broken() {
        return Examples.in("broken");
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodFileBecomesItsModel(Path file) {
        ParsedWorkflow parsed = Examples.parse(file, Locale.ENGLISH);
        assertThat(parsed.workflow())
                .as(Examples.problems(file, Locale.ENGLISH))
                .isNotNull();
        assertThat(ModelText.of(parsed.workflow())).isEqualTo(Examples.expected(file, "model"));
        assertThat(Examples.problems(file, Locale.ENGLISH)).isEqualTo(Examples.expected(file, "en"));
        assertThat(Examples.problems(file, Locale.SIMPLIFIED_CHINESE)).isEqualTo(Examples.expected(file, "zh"));
    }

    @Test
    void thereAreGoodFilesAndBrokenOnes() {
        assertThat(good()).hasSizeGreaterThan(9);
        assertThat(broken()).hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void allProblemsOfABrokenFileAreSaidAtOnceInBothLanguages(Path file) {
        assertThat(Examples.expected(file, "en")).as("expected problems").isNotEmpty();
        assertThat(Examples.problems(file, Locale.ENGLISH)).isEqualTo(Examples.expected(file, "en"));
        assertThat(Examples.problems(file, Locale.SIMPLIFIED_CHINESE)).isEqualTo(Examples.expected(file, "zh"));
        ParsedWorkflow parsed = Examples.parse(file, Locale.ENGLISH);
        boolean errors = parsed.problems().stream().anyMatch(each -> each.severity() == Severity.ERROR);
        assertThat(parsed.workflow() == null).isEqualTo(errors);
    }

    @Test
    void noProblemShowsAPassword() {
        for (Path file : broken()) {
            assertThat(Examples.problems(file, Locale.ENGLISH)).doesNotContain("hidden");
        }
        assertThat(lines(parse("jobs: {a: {steps: [make], engine: 'ssh//user:hidden@host'}}")))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).doesNotContain("hidden"));
    }

    @Test
    void manyLargePatternsAreRefused() {
        String jobs = IntStream.range(0, 900)
                .mapToObj(i ->
                        "  j" + i + ": {steps: [make], when: \"branch matches '" + "[\\\\pL]".repeat(40) + "'\"}\n")
                .collect(Collectors.joining());
        assertThat(lines(parse("jobs:\n" + jobs))).isNotEmpty().allSatisfy(line -> assertThat(line)
                .contains("all conditions of the file together are longer than 100,000 characters"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFile() {
        assertThat(parse("\ufeffjobs: {a: {steps: [make]}}").problems()).isEmpty();
    }

    @Test
    void lineEndsOfWindowsAreLineEnds() {
        assertThat(lines(parse("jobs:\r\n  a:\r\n    stpes: x\r\n    steps: [make]\r\n")))
                .containsExactly("f:3:5: a job has no key \"stpes\"; it means nothing; did you mean steps?");
    }

    @Test
    void columnsAreCharactersNotBytesOrHalves() {
        assertThat(lines(parse("jobs:\n  😀: {steps: [\"😀 ${jobs.b.outputs.x}\"]}\n  b: {steps: [make]}\n")))
                .containsExactly(
                        "f:2:18: the job \"😀\" refers to \"b\", but does not need it; add \"b\" to its \"needs\"");
    }

    /** SnakeYAML reads in blocks, and stumbles over a character of two halves at the end of one. */
    @Test
    void aCharacterOfTwoHalvesMayStandAnywhere() {
        for (int before = 900; before < 1_100; before++) {
            String file = "jobs: {a: {steps: [\"" + "x".repeat(before) + "😀\"]}}";

            assertThat(parse(file).problems()).as("after %s characters", before).isEmpty();
            assertThat(parse(file.replace("😀", "\ud83d")).workflow())
                    .as("half a character")
                    .isNull();
        }
    }

    @Test
    void whereTheColumnIsNotKnownTheBeginningOfTheTextIsNamed() {
        assertThat(lines(parse("jobs:\n  a: {when: \"\\x62ranch ==\", steps: [make]}\n")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("f:2:13: the condition of \"when\" cannot be read: at character 10: expected");
    }

    @Test
    void theStepsThatUsesCanNameAreCheckedOnlyIfTheyAreKnown() {
        String yaml = "jobs: {a: {steps: [{uses: anything}]}}";
        assertThat(WorkflowParser.parse(yaml).problems()).isEmpty();
        assertThat(WorkflowParser.parse(yaml, List.of("aiReview")).problems()).hasSize(1);
    }

    @Test
    void aCommandWithTwoDollarsHasNoReference() {
        assertThat(parse("shell: python3\njobs: {a: {steps: ['print(\"$${matrix.x}\")']}}")
                        .problems())
                .isEmpty();
    }

    @Test
    void aThousandJobsInAChainAreReadInTheOrderOfTheFile() {
        String yaml = IntStream.range(0, 1_000)
                .mapToObj(i -> "  j" + i + ": {steps: [make]" + (i == 999 ? "" : ", needs: j" + (i + 1)) + "}\n")
                .collect(Collectors.joining("", "jobs:\n", ""));
        ParsedWorkflow parsed = parse(yaml);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.workflow().jobs()).hasSize(1_000).element(7).isNotNull();
        assertThat(parsed.workflow().jobs()).extracting(Job::id).startsWith("j0", "j1", "j2");
    }

    @Test
    void moreThanAThousandJobsAreRefused() {
        String yaml = IntStream.range(0, 5)
                .mapToObj(i -> "  j" + i + ": {steps: [make], matrix: {a: "
                        + IntStream.range(0, 250).boxed().toList() + "}}\n")
                .collect(Collectors.joining("", "jobs:\n", ""));
        assertThat(lines(parse(yaml)))
                .containsExactly(
                        "f:1:1: the workflow has 1,250 jobs, each combination of a matrix counted; at most 1,000 are possible; divide the workflow");
    }

    @Test
    void moreThanTwoHundredStepsAreRefused() {
        String steps = "[" + "make, ".repeat(200) + "make]";
        assertThat(lines(parse("jobs: {a: {steps: " + steps + "}}")))
                .containsExactly(
                        "f:1:8: the job \"a\" has more than 200 steps; divide the job, or put commands together");
    }

    @Test
    void aFileOfMoreThanAMegabyteIsRefused() {
        assertThat(lines(parse("# " + "x".repeat(1 << 20))))
                .containsExactly(
                        "f:1:1: the file is longer than 1,048,576 characters; move scripts into files of the repository");
    }

    /** Large files of one kind each: with a parser whose time grows with the square of references, names or needs some of them take an hour. */
    static List<String> megabytes() {
        String job = "jobs:\n  a: {steps: [make]}\n";
        String names = IntStream.range(0, 990)
                .mapToObj(i -> "  " + "j".repeat(80) + i + ": {steps: [make]}\n")
                .collect(Collectors.joining());
        return List.of(
                "jobs:\n  a: {steps: ['" + "${matrix.x}".repeat(90_000) + "']}\n",
                "jobs:\n  a:\n    matrix: {x: [1]}\n    steps:\n      - |\n" + "        ${matrix.y}\n".repeat(50_000),
                "jobs:\n  a: {steps: ['" + "${jobs.jjb.outputs.x}".repeat(40_000) + "']}\n" + names,
                job
                        + IntStream.range(0, 45_000)
                                .mapToObj(i -> "k" + i + ": 1\n")
                                .collect(Collectors.joining()),
                "jobs: {a: {steps: [" + "{command: make}, ".repeat(30_000) + "make]}}",
                "jobs: {a: {steps: [make], needs: ["
                        + IntStream.range(0, 90_000).mapToObj(i -> "n" + i).collect(Collectors.joining(", ")) + "]}}",
                "x-a: &a '" + "${matrix.x}".repeat(2_000) + "'\njobs: {a: {steps: [" + "*a, ".repeat(80) + "*a]}}",
                "\"" + "\\x41".repeat(250_000),
                "[".repeat(1_000_000),
                "!".repeat(1_000_000),
                "*" + "a".repeat(1_000_000));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("megabytes")
    void aMegabyteIsReadInTimeInProportion(String yaml) {
        assertThat(yaml.length()).isLessThan(1 << 20);
        ParsedWorkflow parsed = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> parse(yaml));
        assertThat(parsed.problems()).hasSizeBetween(1, 200).allSatisfy(each -> assertThat(each.text())
                .hasSizeLessThan(1_100));
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder yaml = new StringBuilder("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("x-").append(i).append(": &a").append(i).append(" [");
            yaml.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(lines(parse(yaml + "jobs: {a: {steps: [make]}}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("the file stands for more than 100,000 values, or for too much text, when its aliases are");
    }

    @Test
    void aBombOfMergesIsRefused() {
        StringBuilder yaml = new StringBuilder("x-0: &a0 {k: v}\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("x-").append(i).append(": &a").append(i).append(" {<<: [");
            yaml.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]}\n");
        }
        assertThat(lines(parse(yaml + "jobs: {a: {steps: [make]}}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("the file stands for more than 100,000 values");
    }

    @Test
    void aLongTextBehindManyAliasesIsRefused() {
        String yaml = "x-long: &a " + "x".repeat(500_000) + "\nx-list: [" + "*a, ".repeat(1_000) + "*a]\njobs: {}";
        assertThat(lines(parse(yaml)))
                .hasSize(1)
                .first()
                .asString()
                .contains("or for too much text, when its aliases are written out");
    }

    @Test
    void aBombOfDepthIsRefused() {
        for (String yaml : List.of(
                "[".repeat(100_000),
                "{a: ".repeat(100_000),
                "- ".repeat(100_000) + "a",
                "? ".repeat(100_000) + "a",
                "&a ".repeat(1) + "[".repeat(100_000))) {
            assertThat(parse(yaml).workflow()).isNull();
            assertThat(parse(yaml).problems()).hasSize(1);
        }
        String nested =
                "x-a: &a " + "[".repeat(30) + "]".repeat(30) + "\nx-b: " + "[".repeat(30) + "*a" + "]".repeat(30);
        assertThat(lines(parse(nested)))
                .containsExactly("f:1:29: lists and mappings are nested deeper than 50 levels; flatten the file");
    }

    @Test
    void thousandsOfProblemsAreCutAndNoErrorIsLostBehindWarnings() {
        String keys = IntStream.range(0, 5_000).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());
        ParsedWorkflow parsed = parse(keys + "jobs: {a: {needs: b, steps: [make]}}\n");
        assertThat(parsed.problems()).hasSize(101);
        assertThat(parsed.problems().get(100).text()).contains("needs \"b\", which does not exist");
        assertThat(parsed.workflow()).isNull();
        String needs = IntStream.range(0, 5_000).mapToObj(i -> "nothing" + i).collect(Collectors.joining(", "));
        assertThat(parse("jobs: {a: {steps: [make], needs: [" + needs + "]}}").problems())
                .hasSize(200);
    }
}
