package hudson.scm;

/** What became of a file. */
public final class EditType {
    public static final EditType ADD = new EditType("add", "The file was added");
    public static final EditType EDIT = new EditType("edit", "The file was modified");
    public static final EditType DELETE = new EditType("delete", "The file was removed");

    private final String name;

    public EditType(String name, String description) {
        this.name = name;
    }

    public String getName() {
        return name;
    }
}
