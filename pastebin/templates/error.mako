<!doctype html><title>${status} ${reason}</title><p>${message}</p>
