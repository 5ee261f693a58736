"""Pages of the ground floor: inbox, files, jobs, saved views, the styleguide."""
