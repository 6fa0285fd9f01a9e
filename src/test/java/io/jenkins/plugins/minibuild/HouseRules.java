package io.jenkins.plugins.minibuild;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kohsuke.stapler.verb.POST;

/** The rules of the house, which docs/architecture.md explains. Each returns its violations, a line each. */
final class HouseRules {
    /** The floors, the lowest first. A room inside a room stands on the same floor. */
    static final List<String> FLOORS = List.of(
            "language",
            "files",
            "http",
            "process",
            "diff",
            "step",
            "cache",
            "access",
            "forge",
            "checkout",
            "limits",
            "notify",
            "claude",
            "analysis",
            "review",
            "codegen",
            "miniprogram",
            "approval",
            "merge",
            "workflow",
            "webhook",
            "requirement",
            "history",
            "api",
            "home");

    /** These are no capabilities: each room above may use their adapters. */
    private static final Set<String> SHARED = Set.of("language", "files", "http", "process", "step", "access");

    private static final Pattern ADAPTER = Pattern.compile(
            ".*(Step|Builder|Wrapper|Trigger|Publisher|Action|Listener|Work|Configuration|Endpoint|Descriptor|Adapter"
                    + "|Factory|Property|Realm|Command|Installation|Installer)");

    /** What agents may have run on the controller. It only says that a block of this id has logged a line, which puts off an idle timeout. */
    private static final Set<String> FROM_AGENTS = Set.of("limits.LimitsLogAdapter$LineLogged");

    /** They carry another callable to the agent and answer what that one answers. */
    private static final String CARRIERS = "process.AgentAnswer$Spoken";

    private static final int MOST_PARAMETERS = 7;

    private final String root;
    private final JavaClasses classes;
    private final Map<String, Function<HouseRules, Set<String>>> rules = new LinkedHashMap<>();

    /**
     * @param root the package that holds the rooms, with the dot at its end
     * @param classes below it
     */
    HouseRules(String root, JavaClasses classes) {
        this.root = root;
        this.classes = classes;
        rules.put("every room stands on a floor", HouseRules::unknownRooms);
        rules.put("an import points down", HouseRules::upward);
        rules.put("no circle of rooms", HouseRules::circles);
        rules.put("no concrete adapter of another capability", HouseRules::foreignAdapters);
        rules.put("a plain class does not see Jenkins' pages and builds", HouseRules::plainClassesThatSeeJenkins);
        rules.put("a plain class does not ask the system clock", HouseRules::systemClock);
        rules.put("form methods answer POST", HouseRules::formMethodsWithoutPost);
        rules.put("form methods check a permission", HouseRules::formMethodsWithoutPermission);
        rules.put("commands run through process", house -> house.uses(Set.of("process"), HouseRules::startsACommand));
        rules.put(
                "HTTP goes through http",
                house -> house.uses(
                        Set.of("http"),
                        access -> owner(access).equals("java.net.http.HttpClient")
                                || owner(access).equals("java.net.URLConnection")
                                || owner(access).equals("java.net.HttpURLConnection")
                                || isCall(access, "java.net.URL", "openConnection", "openStream")));
        rules.put(
                "JSON goes through files.Json",
                house -> house.uses(
                        Set.of("files"),
                        access -> isCall(access, "com.fasterxml.jackson.databind.ObjectMapper", "<init>")
                                || isCall(
                                        access,
                                        "com.fasterxml.jackson.databind.json.JsonMapper",
                                        "<init>",
                                        "builder")));
        rules.put(
                "digests go through files.Digest",
                house -> house.uses(
                        Set.of("files"), access -> isCall(access, "java.security.MessageDigest", "getInstance")));
        rules.put(
                "patterns go through files.Glob",
                house -> house.uses(
                        Set.of("files"),
                        access -> owner(access).startsWith("com.google.re2j.")
                                || owner(access).equals("org.apache.tools.ant.types.selectors.SelectorUtils")
                                || isCall(access, "java.nio.file.FileSystem", "getPathMatcher")));
        rules.put(
                "stored files are replaced by files.StoredFile",
                house -> house.uses(
                        Set.of("files"),
                        access -> !onAgent(access.getOriginOwner())
                                && owner(access).equals("java.nio.file.StandardCopyOption")
                                && access.getTarget().getName().equals("ATOMIC_MOVE")));
        rules.put("no method takes more than seven values", HouseRules::longParameterLists);
        rules.put("what runs on an agent refuses to run on the controller", HouseRules::looseCallables);
        rules.put("what an agent answers is a value that checks itself", HouseRules::looseAnswers);
        rules.put(
                "agents are asked through process.AgentAnswer",
                house -> house.each(
                        type -> type.getSimpleName().equals("AgentAnswer") || onAgent(type) || isFromAgents(type)
                                ? Set.of()
                                : type.getAccessesFromSelf().stream()
                                        .filter(access -> isCall(access, "hudson.FilePath", "act", "actAsync")
                                                || List.of("call", "callAsync")
                                                                .contains(access.getTarget()
                                                                        .getName())
                                                        && access.getTargetOwner()
                                                                .isAssignableTo("hudson.remoting.VirtualChannel"))
                                        .map(access -> access.getDescription())
                                        .collect(Collectors.toSet())));
        rules.put("text of others reaches a service through forge.ServiceText", HouseRules::rawTextForServices);
        rules.put("no bucket of odds and ends", HouseRules::buckets);
    }

    /** Their names, in the order of docs/architecture.md. */
    Set<String> names() {
        return rules.keySet();
    }

    /** The violations of a rule. */
    Set<String> violations(String name) {
        return rules.get(name).apply(this);
    }

    /** Classes that write titles, descriptions, comments or messages of commits, and do not know the one way to make text of others harmless. */
    private Set<String> rawTextForServices() {
        String forge = HouseRules.class.getPackageName() + ".forge.";
        return each(type -> room(type).equals("forge")
                        || type.getAccessesFromSelf().stream()
                                .anyMatch(access -> owner(access).equals(forge + "ServiceText"))
                ? Set.of()
                : type.getAccessesFromSelf().stream()
                        .filter(access -> isCall(access, forge + "MergeRequestDraft", "<init>")
                                || isCall(access, forge + "ReviewComments$LineComment", "<init>")
                                || isCall(access, forge + "MergeRequests", "comment")
                                || isCall(access, forge + "ReviewComments", "write")
                                || type.getSimpleName().equals("CommitMessage"))
                        .map(access -> access.getDescription())
                        .collect(Collectors.toSet()));
    }

    private Set<String> unknownRooms() {
        return each(
                type -> FLOORS.contains(room(type)) ? Set.of() : Set.of(type.getName() + " is in a room on no floor"));
    }

    private Set<String> upward() {
        return each(type -> imports(type)
                .filter(target -> FLOORS.indexOf(room(target)) > FLOORS.indexOf(room(type)))
                .map(target -> type.getName() + " points up to " + target.getName())
                .collect(Collectors.toSet()));
    }

    /** Rooms inside rooms count: a room and one inside it must not import each other. */
    private Set<String> circles() {
        Map<String, Set<String>> arrows = new HashMap<>();
        for (JavaClass type : classes) {
            imports(type)
                    .map(JavaClass::getPackageName)
                    .filter(target -> !target.equals(type.getPackageName()))
                    .forEach(target -> arrows.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
                            .add(target));
        }
        Set<String> found = new TreeSet<>();
        for (String room : arrows.keySet()) {
            Set<String> reached = new HashSet<>();
            reach(room, arrows, reached);
            if (reached.contains(room)) {
                found.add(room + " imports itself through "
                        + reached.stream()
                                .filter(other -> !other.equals(room))
                                .filter(other -> reaches(other, room, arrows))
                                .sorted()
                                .toList());
            }
        }
        return found;
    }

    private static boolean reaches(String from, String to, Map<String, Set<String>> arrows) {
        Set<String> reached = new HashSet<>();
        reach(from, arrows, reached);
        return reached.contains(to);
    }

    private static void reach(String room, Map<String, Set<String>> arrows, Set<String> reached) {
        for (String next : arrows.getOrDefault(room, Set.of())) {
            if (reached.add(next)) {
                reach(next, arrows, reached);
            }
        }
    }

    private Set<String> foreignAdapters() {
        return each(type -> imports(type)
                .filter(target -> isAdapter(target)
                        && !room(target).equals(room(type))
                        && !SHARED.contains(room(target))
                        && !outermost(target).getModifiers().contains(JavaModifier.ABSTRACT))
                .map(target -> type.getName() + " uses the concrete adapter " + target.getName())
                .collect(Collectors.toSet()));
    }

    private Set<String> plainClassesThatSeeJenkins() {
        Set<String> unseen = Set.of(
                "jenkins.model.Jenkins",
                "hudson.model.Run",
                "hudson.model.Descriptor",
                "hudson.ExtensionList",
                "hudson.ProxyConfiguration",
                "jenkins.util.Timer");
        return each(type -> isAdapter(type)
                ? Set.of()
                : type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass())
                        .filter(target -> unseen.contains(target.getName())
                                || target.getPackageName().startsWith("org.kohsuke.stapler"))
                        .map(target -> type.getName() + " sees " + target.getName())
                        .collect(Collectors.toSet()));
    }

    /** Code that runs on an agent has no other clock than the agent's. */
    private Set<String> systemClock() {
        return each(type -> isAdapter(type) || onAgent(type)
                ? Set.of()
                : type.getAccessesFromSelf().stream()
                        .filter(access -> isCall(access, "java.lang.System", "currentTimeMillis")
                                || isCall(access, "java.time.Clock", "systemUTC", "systemDefaultZone")
                                || owner(access).startsWith("java.time.")
                                        && access.getTarget().getName().equals("now")
                                        && access instanceof com.tngtech.archunit.core.domain.JavaMethodCall call
                                        && call.getTarget()
                                                .getRawParameterTypes()
                                                .isEmpty()
                                || access instanceof com.tngtech.archunit.core.domain.JavaConstructorCall created
                                        && owner(created).equals("java.util.Date")
                                        && created.getTarget()
                                                .getRawParameterTypes()
                                                .isEmpty())
                        .map(access -> access.getDescription())
                        .collect(Collectors.toSet()));
    }

    /** A callable, or a class that only callables use: the annotation of the plugin's own says so where the types do not. */
    private static boolean onAgent(JavaClass type) {
        return enclosing(
                type,
                each -> each.isAssignableTo("hudson.remoting.Callable")
                        || each.isAssignableTo("hudson.FilePath$FileCallable")
                        || each.isAnnotatedWith("io.jenkins.plugins.minibuild.process.OnAgent"));
    }

    private Set<String> formMethodsWithoutPost() {
        return formMethods(method -> !method.isAnnotatedWith(POST.class), " does not answer POST only");
    }

    private Set<String> formMethodsWithoutPermission() {
        return formMethods(method -> !checksAPermission(method, new HashSet<>()), " checks no permission");
    }

    private Set<String> formMethods(Predicate<JavaMethod> bad, String what) {
        return each(type -> type.getMethods().stream()
                .filter(method -> method.getName().matches("do(Check|Fill|Test)[A-Z].*"))
                .filter(bad)
                .map(method -> method.getFullName() + what)
                .collect(Collectors.toSet()));
    }

    private boolean checksAPermission(JavaMethod method, Set<JavaMethod> seen) {
        Set<String> checks = Set.of("checkPermission", "hasPermission", "checkAnyPermission", "hasAnyPermission");
        return seen.add(method)
                && method.getCallsFromSelf().stream()
                        .anyMatch(call -> checks.contains(call.getName())
                                || call.getTargetOwner().getPackageName().startsWith(root)
                                        && call.getTarget()
                                                .resolveMember()
                                                .filter(JavaMethod.class::isInstance)
                                                .map(JavaMethod.class::cast)
                                                .filter(called -> checksAPermission(called, seen))
                                                .isPresent());
    }

    private static boolean startsACommand(JavaAccess<?> access) {
        return owner(access).equals("java.lang.ProcessBuilder")
                || owner(access).equals("java.lang.Runtime")
                        && access.getTarget().getName().equals("exec")
                || isCall(access, "hudson.Launcher", "launch")
                || isCall(access, "hudson.Launcher$ProcStarter", "start", "join");
    }

    /** Stapler fills the parameters of form methods by name, so that they cannot be a record. */
    private Set<String> longParameterLists() {
        return each(type -> type.getCodeUnits().stream()
                .filter(unit -> unit.getRawParameterTypes().size() > MOST_PARAMETERS)
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(unit -> !unit.getName().matches("do[A-Z].*"))
                .filter(unit -> !unit.getName().startsWith("lambda$"))
                .filter(unit -> !isEnumConstructor(unit))
                .filter(unit -> !isDocument(unit))
                .map(unit -> unit.getFullName() + " takes "
                        + unit.getRawParameterTypes().size() + " values")
                .collect(Collectors.toSet()));
    }

    private static boolean isEnumConstructor(JavaCodeUnit unit) {
        return unit.isConstructor() && unit.getOwner().isEnum();
    }

    /** A record of a workflow's file, plan or journal has a component for each key that there is: it is read and written as a whole, in one place each. */
    private boolean isDocument(JavaCodeUnit unit) {
        return unit.isConstructor()
                && unit.getOwner().isRecord()
                && unit.getOwner().getPackageName().startsWith(root + "workflow");
    }

    private Set<String> looseCallables() {
        return each(type -> type.isInterface()
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || !type.isAssignableTo("hudson.remoting.Callable")
                                && !type.isAssignableTo("hudson.FilePath$FileCallable")
                        || type.isAssignableTo("jenkins.MasterToSlaveFileCallable")
                        || type.isAssignableTo("jenkins.security.MasterToSlaveCallable")
                        || type.isAssignableTo("jenkins.agents.ControllerToAgentFileCallable")
                        || type.isAssignableTo("jenkins.agents.ControllerToAgentCallable")
                        || FROM_AGENTS.contains(type.getName().substring(root.length()))
                ? Set.of()
                : Set.of(type.getName() + " is a callable that an agent could have run on the controller"));
    }

    /** An agent can send anything. A record's constructor sees it; a path, an address or a class of another library would be used unseen. */
    private Set<String> looseAnswers() {
        return each(
                type -> isCallable(type) && !type.getModifiers().contains(JavaModifier.ABSTRACT) && !isFromAgents(type)
                        ? looseValues(answer(type.reflect()), type.getName())
                        : Set.of());
    }

    private static Set<String> looseValues(Type type, String where) {
        Class<?> raw = type instanceof ParameterizedType generic
                ? (Class<?>) generic.getRawType()
                : type instanceof Class<?> plain ? plain : Object.class;
        Set<String> found = new TreeSet<>();
        boolean answer = !where.contains(" ");
        if (!answer && (raw == List.class || raw == Map.class)) {
            for (Type each : ((ParameterizedType) type).getActualTypeArguments()) {
                found.addAll(looseValues(each, where));
            }
        } else if (raw.isRecord()) {
            for (RecordComponent each : raw.getRecordComponents()) {
                found.addAll(looseValues(
                        each.getGenericType(), where + " answers " + raw.getSimpleName() + "." + each.getName()));
            }
        } else if (!raw.isPrimitive()
                && !raw.isEnum()
                && !Set.of(
                                Void.class,
                                Boolean.class,
                                Integer.class,
                                Long.class,
                                Double.class,
                                String.class,
                                byte[].class)
                        .contains(raw)) {
            found.add(where + " answers with " + type.getTypeName() + ": give a record that checks its values");
        }
        return found;
    }

    static boolean isCallable(JavaClass type) {
        return !type.isInterface()
                && !type.getName().contains(CARRIERS)
                && (type.isAssignableTo("hudson.remoting.Callable")
                        || type.isAssignableTo("hudson.FilePath$FileCallable"));
    }

    /** Runs on the controller, by the agent's wish. */
    static boolean isFromAgents(JavaClass type) {
        return enclosing(type, each -> FROM_AGENTS.stream()
                .anyMatch(name -> each.getName().endsWith("." + name)
                        || each.getName().endsWith("." + name.replaceFirst("\\$.*", ""))));
    }

    /** What a callable answers: its type parameter of Callable or FileCallable. */
    static Type answer(Class<?> callable) {
        Type found = answer(callable, Map.of());
        if (found == null) {
            throw new IllegalArgumentException(callable + " is no callable");
        }
        return found;
    }

    private static Type answer(Type type, Map<TypeVariable<?>, Type> known) {
        Class<?> raw = type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
        Map<TypeVariable<?>, Type> here = new HashMap<>();
        if (type instanceof ParameterizedType generic) {
            for (int i = 0; i < raw.getTypeParameters().length; i++) {
                Type argument = generic.getActualTypeArguments()[i];
                here.put(raw.getTypeParameters()[i], known.getOrDefault(argument, argument));
            }
        }
        if (raw.getName().equals("hudson.remoting.Callable") || raw.getName().equals("hudson.FilePath$FileCallable")) {
            return here.get(raw.getTypeParameters()[0]);
        }
        List<Type> above = new ArrayList<>(List.of(raw.getGenericInterfaces()));
        if (raw.getGenericSuperclass() != null) {
            above.add(raw.getGenericSuperclass());
        }
        return above.stream()
                .map(each -> answer(each, here))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The values of a record that may be missing, as its annotations say. */
    static Set<String> optional(Class<?> type) {
        return new ClassFileImporter()
                .importClass(type).getFields().stream()
                        .filter(field -> field.isAnnotatedWith("edu.umd.cs.findbugs.annotations.CheckForNull"))
                        .map(field -> field.getName())
                        .collect(Collectors.toSet());
    }

    private Set<String> buckets() {
        return each(type -> type.getSimpleName().matches(".*(Util|Utils|Helper|Manager)")
                ? Set.of(type.getName() + " is named after nothing")
                : Set.of());
    }

    private Set<String> uses(Set<String> allowed, Predicate<JavaAccess<?>> used) {
        return each(type -> allowed.contains(room(type))
                ? Set.of()
                : type.getAccessesFromSelf().stream()
                        .filter(used)
                        .map(access -> access.getDescription())
                        .collect(Collectors.toSet()));
    }

    private Set<String> each(Function<JavaClass, Set<String>> rule) {
        Set<String> found = new TreeSet<>();
        classes.forEach(type -> found.addAll(rule.apply(type)));
        return found;
    }

    private java.util.stream.Stream<JavaClass> imports(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().startsWith(root))
                .distinct();
    }

    private String room(JavaClass type) {
        return type.getPackageName().startsWith(root)
                ? type.getPackageName().substring(root.length()).replaceFirst("\\..*", "")
                : "";
    }

    private static boolean isCall(JavaAccess<?> access, String owner, String... names) {
        return owner(access).equals(owner)
                && List.of(names).contains(access.getTarget().getName());
    }

    private static String owner(JavaAccess<?> access) {
        return access.getTargetOwner().getName();
    }

    /** By the name of the outermost class: a nested DescriptorImpl belongs to its step. */
    private static boolean isAdapter(JavaClass type) {
        return ADAPTER.matcher(outermost(type).getSimpleName()).matches();
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost;
    }

    private static boolean enclosing(JavaClass type, Predicate<JavaClass> test) {
        JavaClass each = type;
        while (!test.test(each)) {
            if (each.getEnclosingClass().isEmpty()) {
                return false;
            }
            each = each.getEnclosingClass().get();
        }
        return true;
    }
}
