"""The editorial order of the bulletin."""

# The figures every monthly bulletin opens with, in the order they are read out.
BULLETIN_FIGURES = (
    "projects",
    "agency_matters",
    "zero_burden_projects",
    "sweeps",
    "sweep_issues",
    "meetings",
    "coordinated_projects",
    "coordinated_issues",
    "indicators",
    "observations",
    "agreed_amount",
    "paid_in_amount",
    "relieved_amount",
    "approval_workdays",
    "issues_on_time",
)
